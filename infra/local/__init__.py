"""Sekvens whole on one laptop: `python -m infra.local`. Never packaged, nor imported by the house.

Two processes. One (`machine`) is ours: it serves HTTP, takes mail by SMTP, polls queues and stream,
keeps the schedules and the clock, and calls the very functions that Lambda calls. The other
(`emulator_child`) is ministack, which plays DynamoDB, S3, SQS and SNS, with our SES sending door
before it. When the first dies, however it dies, the second notices, saves and ends.

    __main__   the command line                  machine         puts everything together
    settings   ports, paths, names               stack           a stack as a child: demo, tests
    running    one stack per folder              doctor          what is stuck, and what to do
    ports      three sockets                     people, asking  demo tenants, credentials.json

    emulator   ministack, from our side          emulator_child  ministack, from its own
    saving     its state, in generations         emulator_door   stands before it
    resources  table, bucket, queues, topics     ses_sending     SES v2 SendEmail

    house      app.py and its registrations      lambda_events   events and context, as on Lambda
    workers    threads that stand still on demand
    queues, stream, schedule                     three kinds of work for them

    wsgi, routes, http_server                    API Gateway's part
    pages      clock and outbox over HTTP        virtual         the clock, and how it jumps
    smtp_door, receipts                          mail in, as SES receives it
    outbox, ses_events                           mail out, and what SES says of it
    mime_fields, files                           header fields and small files, byte for byte
"""
