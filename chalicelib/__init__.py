"""The map of the house: every room with its reason. What a newcomer opens first.

`app.py` is the roof: it assembles the rooms of the third floor, and nobody imports it. A room
imports from its own floor and from those below it, never upward (import-linter holds that). Under
it all lies `infra/`, the plot: tables, queues, the mail rule, alarms, the whole stack on a laptop.

Two ways to read it. A request: `entry/http.py`, then the room of its path in `entry/`, then the
service of the same name. An enrollment: `domain/sequences/engine.py`, `services/progress.py`,
`services/delivery.py`. A mail: `services/inbound.py`, `domain/mail/threads.py`,
`domain/mail/linking.py`.

Drawn by `make diagrams` from the first sentence of every room; do not edit.

entry/ (third floor): may use services and all below

    ab_tests.py            HTTP doors to the A/B tests of a sequence: how they stand
    activity_bodies.py     What may be sent for an activity
    advance.py             An enrollment is due: read it, decide, write.
    answering.py           The shapes of an answer: one thing, a new thing, part of a list
    audit.py               HTTP door to the audit: who changed what, and when.
    auth.py                Who is asking: an API token is found by the hash of its secret
    automate.py            An item changed: what follows from it by itself, one change at a time.
    automations.py         HTTP doors to automations
    batches.py             Queue messages one by one: one item, one fate (R4).
    bodies.py              Bytes of a request into one frozen struct
    browsers.py            What pages of other hosts may do with the API
    bulk.py                The queue door of jobs: some pages of one at a time.
    calling.py             Queue door to strangers: posts what another function wrote and signed
    cursors.py             Where a list goes on: opaque, signed
    custom_fields.py       HTTP doors to the tenant's own fields of items.
    email_templates.py     HTTP doors to e-mail templates.
    enrollment_bodies.py   How an enrollment is shown.
    enrollments.py         HTTP doors to enrollments: read the request, call one service
    faults.py              Tells what passes by itself (an outage, a throttle
    feedback.py            SES tells what became of a mail
    flow_versions.py       HTTP doors to the published flows of a sequence: list, compare
    foresight.py           HTTP doors to what would happen: a flow drawn, walked through
    health.py              Whether the API is up: answers without asking anybody.
    http.py                What every HTTP door has in common: who asks, what was sent
    imports.py             HTTP doors to imports: made with a form to upload by, then begun
    intake.py              Mail comes in by SES, SNS and the intake queue; every hour
    item_bodies.py         How items look on the wire: what may be sent for each kind
    item_moves.py          HTTP doors that make one item of another: a lead becomes a deal
    item_queries.py        Query parameters of the lists of items: filters, words to search
    items.py               HTTP doors to leads, deals, persons and every other kind of item
    jobs.py                HTTP doors to jobs: ask how far one is, let one that failed go on.
    kept_apart.py          HTTP doors to mail that intake kept apart: listed, released, replayed
    lines.py               Lines out of a process that needs no table: to strangers
    news.py                What webhooks may be told of a change of the table
    nightly.py             Every night: what is counted in passing is counted anew
    observability.py       The one logger and the one book of figures, and their middleware.
    once.py                A POST that is repeated with the same `Idempotency-Key` happens once.
    overview.py            HTTP door to how a sequence goes.
    paging.py              Which part of a list is asked for
    privacy.py             HTTP doors to privacy: all that is kept of a person
    problems.py            Every refusal as `application/problem+json`
    promises.py            What a door promises beside its code: what it takes, gives and refuses
    public_pages.py        The public pages behind the links in mails: unsubscribe
    pulse.py               HTTP doors to the Pulse feed: what a user is to do next.
    pulse_bodies.py        Whose entries of a feed a caller may work, and how an entry is shown.
    pulse_bulk.py          The HTTP door to many entries of the Pulse feed at once.
    pulses.py              Doors that others wait for show that they live
    queries.py             Query parameters read as what they mean
    reception.py           Opens the rooms that a process needs: a function its own
    reference.py           HTTP doors to the API's own description: OpenAPI for programs
    ripple.py              The table changed: hand on what others must know.
    rooms.py               The rooms that have doors, and for what each is called.
    sender_addresses.py    HTTP doors to the addresses a user writes from: list, ask for
    sequence_bodies.py     How sequences look on the wire: what may be sent, and what is shown.
    sequence_lifecycle.py  HTTP doors to a sequence's life: check, activate, deactivate, pause
    sequence_templates.py  HTTP doors to sequence templates
    sequences.py           HTTP doors to sequences: make, list, show, change, copy, delete.
    ses_words.py           Reads an event of SES, as SNS (wrapped or raw)
    settings.py            What the deployment says of itself; the only reader of the environment.
    smart_bcc.py           HTTP doors to Smart Bcc addresses: list, make, replace, end.
    steering.py            HTTP doors through which a person steers an enrollment
    suppressions.py        HTTP doors to the addresses that must not be mailed.
    sweep.py               Every minute: who is due? One message a shard
    tallying.py            What the stream told of steps becomes their figures
    tenant.py              HTTP doors to what the tenant sets for all its users
    thread_bodies.py       The shapes in which threads and messages go out.
    threads.py             HTTP doors to threads: read the request, call one service
    throttle.py            How much a token may ask for: so many requests a minute
    users.py               HTTP doors to users and to their API tokens.
    webhook_work.py        The queue door of webhooks that has the table
    webhooks.py            HTTP doors to webhooks: programs elsewhere that are told what happens.
    wiring.py              Chooses stores and gateways for one request or one message.

    openapi/               The API's description of itself, made of its doors
        document.py            The OpenAPI 3.1 document: every door with its parameters, body
        doors.py               What Chalice has registered, as doors with their promises.
        examples.py            A body for every door that takes one, in the order of a story
        looks.py               How the page of the API looks, by day and by night.
        page.py                The OpenAPI document as one page for people: no script
        parameters.py          What queries and headers mean: one table by name
        refusals.py            Which refusals a door may give
        schemas.py             Types as JSON Schema: one component for each struct

    shapes/                What the doors show, resource by resource
        ab_tests.py            How A/B tests are shown.
        answers.py             What every resource shows alike: instants, the end of a thing
        audit.py               How the audit is shown.
        automations.py         How automations and what they did are shown.
        custom_fields.py       How the tenant's own fields are shown.
        email_templates.py     How e-mail templates are shown.
        enrollments.py         How enrollments and the tasks they put into a feed are shown.
        foresight.py           How previews, simulations
        items.py               How leads, deals, persons, organizations, projects
        jobs.py                How jobs are shown: how far they are
        sequences.py           How sequences, their versions, checks, templates
        suppressions.py        How addresses that must not be mailed are shown.
        tenant.py              How users, tokens, settings and sending domains are shown.
        threads.py             How threads, messages and Smart Bcc addresses are shown.
        webhooks.py            How webhooks are shown, and what they were told.

services/ (second floor): may use storage, gateways and domain

    ab_tests.py            What becomes of A/B tests: who leads, when one ends by itself
    access.py              Who may come in: what an API token opens
    addressees.py          Whom a mail is for: read strongly
    admission.py           Whether an item may enter a sequence
    advancing.py           Hands an item over from one sequence to another
    anew.py                What is decided on a row as it stands
    answers.py             What a mail to a Reply-To address means for its enrollment
    audits.py              What admins do with the audit: read it.
    automating.py          What follows by itself when an item changes: it leaves, is handed on
    automations.py         What managers do with automations: make, change, switch off, remove
    breaking.py            Counts what becomes of a tenant's mails
    budget.py              Takes a mail's share of every cap before it goes out
    bulk_work.py           Many entries of a feed at once: each is worked by itself
    consents.py            One's own leave to send automatically, given and taken back
    counterparts.py        Whom a mail was exchanged with, as far as the tenant knows them
    custom_fields.py       What admins do with the tenant's own fields: define, rename, end.
    decisions.py           Writes what the engine decided: state and effects in one transaction.
    delivery.py            Sends one mail exactly once; what cannot be known is a state
    departing.py           Somebody leaves: what they were at goes to another user
    domains.py             Sending domains: claim one, put its records into DNS
    doubts.py              Asks how feedback stands, for mails that may have gone out
    drafts.py              Drafts: a mail in somebody's feed is read, changed
    email_templates.py     What authors do with e-mail templates: write, change, see filled in
    enrolling.py           Enrolls items: each begins, or is refused with a code that says why.
    enrollments.py         What a salesperson does with items and sequences: pause, resume
    feedback.py            What SES tells of a mail: the ledger rises, addresses are suppressed
    filing.py              Files a message: finds its thread, decides its link
    flow_checks.py         Why a sequence may not run: what its flow says
    following.py           Those inside follow their sequence: out of one that stops
    foresight.py           What would happen to one item, step by step: the engine's own walk
    gates.py               What must hold at the instant a mail leaves (R12)
    imagining.py           An enrollment that is only imagined: of which flow, for whom
    inbound.py             Raw → routed → accepted → threaded → linked → signalled
    intake_desk.py         What admins do with mail that intake kept apart: release it
    intake_lag.py          Holds follow-ups back while answers may lie unread
    item_checks.py         Whether a change fits its item: every problem at once
    item_lists.py          Lists of items as somebody asks for them: filters, words, order
    item_moves.py          Everything that names one item names another from now on.
    item_past.py           What an item was before: the lead that a deal was made of
    item_sight.py          What one caller sees of the items
    items.py               What people do with items: create, change, delete, restore. Lists
    lead_conversion.py     A lead becomes a deal, which keeps its person
    letters.py             A mail as it will leave: its words filled in, its headers, its bytes.
    mailroom.py            What intake has in hand: a mail on its way
    migration.py           Moves those in flight from one version of their flow to another
    newcomers.py           Correspondents whom the tenant does not know: offered as new persons
    nightly.py             Every night: a recount and a clearing a tenant
    notices.py             Short mails of our own to users: what became of their mail
    outcomes.py            What became of each item of an enrolling request, and how it is told.
    outlook.py             Reads what the steps ahead of an enrollment ask for
    overflow.py            Mail that is too much: too large, too many at once, a loop. It is kept
    overview.py            How a sequence goes: its three counts, and what happened at every step.
    own_mail.py            Mail that a user brings in by a Smart Bcc address
    parking.py             Counts the failed tries of an enrollment on its head
    person_merge.py        Two persons are one: the winner keeps both's addresses, deals
    places.py              Who may begin today
    progress.py            What time, people and answers do: take a signal, decide
    public_links.py        Links that go into mails
    pulse.py               What a user is to do next, and what happens when it is done
    reading_out.py         Reads a mail out for keeping: its bytes, bodies and files to S3
    recounting.py          Counts anew what is counted in passing
    related_items.py       Whom items concern; of many it is read together
    replies.py             Mail to an enrollment's Reply-To address: filed in its thread
    restoring.py           After a restore: makes the ledger know every mail that SES tells of
    sender_addresses.py    Alternative addresses that users write from
    sequence_lifecycle.py  From draft to running and back: check, activate, publish, stop.
    sequence_templates.py  What people do with sequence templates: look, begin with one
    sequences.py           What an author does with a sequence: draft, see, change, copy, delete.
    shared_addresses.py    Addresses that several persons have: allowed
    simulating.py          Many imagined items day by day: here and now
    smart_bcc.py           What people do with Smart Bcc addresses: have one
    steering.py            How a person steers an enrollment that runs: pass a wait over
    strays.py              Enrollments that nothing would ever wake again
    suppressions.py        Which addresses must not be mailed, by the hand of people.
    sweeping.py            Finds who is due and hands their ids on; decides nothing.
    tally.py               Adds what a change of the table did to the figures of its steps.
    task_texts.py          What an entry of the feed says, before its merge fields are filled in.
    telling.py             Tells webhooks what happened: from the news to a parcel
    tenants.py             The tenant itself: made and switched by operators
    texts.py               The words of a step as one item's people will read them.
    threads.py             What people do with threads: list, search, read, mark
    timing.py              Brings together what the schedule must know: calendars, windows
    tokens.py              Making, listing and ending API tokens; a secret is seen once
    trial_mails.py         A mail that its author sends to nobody but themselves
    unclaimed.py           Mail that lies where SES writes it, and that intake was never told of
    unsubscribing.py       Somebody wants no more mail: their address is suppressed
    up_next.py             What was done with an item in its sequence, what is to be done now
    users.py               What admins do with users, and users with themselves.
    webhooks.py            What admins do with webhooks: make, change, remove
    wording.py             The texts of a mail before its merge fields are filled in.
    working.py             What a person does with an entry of their feed: done, passed over

    jobs/                  Long work: asked for once, done page by page
        askers.py              In whose name a job works: its asker's
        asking.py              What people do with jobs: ask for one, see how far it is
        enrolling.py           Enrolls more items than one request may
        enrolling_found.py     Enrolls whoever is found: all items that fit a filter
        enrolling_terms.py     What all items of an enrolling job share, as its row keeps it
        erasing_intake.py      Takes a person out of what intake keeps
        importing.py           Imports items from a file: every row once, by its key.
        kinds.py               What each kind of job does: the one table.
        privacy.py             Privacy: what is kept of a person as one file
        retention.py           Lets go what a tenant keeps no longer: bytes of mail
        touring.py             Walks past all enrollments of a tenant, sequence by sequence
        watching.py            Finds jobs that were left: a message that was lost
        working.py             Works on a job: as many pages as one delivery may take

gateways/ (first floor): may use domain; does not know storage

    calls.py               Posts to addresses that tenants gave
    clock.py               Now, in UTC; the only reader of a clock.
    identities.py          Asks SES to prove that a domain is its owner's (Easy DKIM)
    mailer.py              Sends a message (SES)
    mint.py                New identifiers and secrets; the only source of randomness.
    outside.py             Everything outside that a use case may need, in one hand.
    queues.py              Hands ids to the next door (SQS); never objects
    ses_tenants.py         Gives each of our tenants a tenant of SES

storage/ (first floor): may use domain; does not know gateways

    ab_tests.py            Keeps how A/B tests ended; a test without a row goes on.
    acting.py              Who is acting, as far as a person is
    addresses.py           Keeps which addresses must not be mailed; who has an address: `items`
    anchors.py             What is read before a message is filed
    archive.py             Keeps every event of SES, byte for byte, across tenants
    audit_keys.py          How keys of the audit are spelled.
    auditing.py            Adds to a transaction what the audit keeps of it
    audits.py              Keeps the audit: who changed what, newest first
    automation_keys.py     How keys of automations and of what they did are spelled.
    automations.py         Keeps automations, and what they did last with each item.
    breakers.py            Keeps what became of a tenant's mails by day
    budget_keys.py         How keys of day counters are spelled: mails sent, enrollments begun
    budgets.py             Keeps how many mails went out, and how many enrollments began
    consents.py            Keeps consents: who lets the product send in their name
    counts.py              Keeps the three status counts of every sequence, exact at all times.
    custom_fields.py       Keeps the tenant's own fields; there are few
    deliveries.py          Keeps what became of every delivery: stored, duplicate
    domains.py             Keeps the domains a tenant sends from; no two tenants have the same.
    door_pulses.py         Keeps when each door last took something from its queue
    due.py                 Reads the due index: whom somebody must look at, shard by shard.
    email_templates.py     Keeps e-mail templates.
    enrollments.py         Keeps enrollments: heads with their stored signals, slots, rotations
    erasing.py             Takes a person out of what is kept: bytes in S3, heads of messages
    feedback_signs.py      Keeps of which mail word came in last
    figures.py             Keeps step figures, tallied from the table's stream
    front_keys.py          Keys of what stands beside items and sequences: e-mail templates
    gate_reads.py          What the gates ask before a mail leaves
    house_rules.py         What plans ask of the tenant and of a sender: calendars, zones, caps.
    idempotency.py         Keeps requests sent with an Idempotency-Key
    item_lists.py          Lists of items by any filter and in any order
    items.py               Keeps items of every kind.
    job_files.py           Keeps the files of jobs: what was asked, what was uploaded
    job_keys.py            How keys of jobs are spelled: the job, its pages of results
    jobs.py                Keeps jobs: how far each has come, its results
    keys.py                The only place where keys of the table are spelled.
    lean.py                JSON as small as it gets
    ledger.py              Keeps what was sent, or may have been, per step.
    listing.py             One page of a list: keys from the list index
    mail_guards.py         Keeps what holds intake within bounds: counts of arrivals
    mail_keys.py           Keys of what belongs to mail: an owner's folders
    mail_rounds.py         Keeps how far the rounds for unclaimed mail have come
    mail_stores.py         What is kept for one tenant's mail
    messages.py            Keeps messages: their heads in their thread's partition
    outages.py             Reads why a call to the table failed: refused for what stands there
    outgoing.py            Keeps every rendered mail, byte for byte, before it is handed to SES.
    permits.py             Counts requests of tokens over all processes, many at a time.
    pointer_keys.py        Keys of the pointers that lists of items are made of: word
    pointer_pages.py       One page of pointers: sort keys of several partitions
    pointers.py            Where an item is found: by its words, by what it names
    raw_mail.py            The mail as received, byte for byte
    reading.py             Reading more than one row: strong ranges of a partition
    retention.py           Deletes one tenant's bytes whose time is over
    sender_addresses.py    Keeps sender addresses that wait for their confirmation
    sent_threads.py        The thread of an enrollment, as its own mails write it
    sequence_keys.py       How keys within a sequence's partition are spelled: its state
    sequence_templates.py  Keeps a tenant's own sequence templates.
    sequences.py           Keeps sequences and their published flows
    smart_bcc.py           Keeps Smart Bcc addresses, found by the hash of their local part.
    soft_bounces.py        Counts mails that bounced for a time, by address: each once
    spelling.py            How names and instants are spelled in keys: short, sortable
    stores.py              All that is kept for one tenant, in one hand
    switches.py            Keeps the operator's switches: sending on or off
    table.py               Names the table
    tasks.py               Keeps the Pulse feed: every task in its enrollment's partition
    tenant_keys.py         How the list of tenants is spelled
    tenants.py             Keeps the tenant itself: its name, its settings, its switches.
    thread_reading.py      Reading threads: through the pointers of those that merged
    threads.py             Keeps threads: joined by pointers, merged by pointer
    tokens.py              Keeps API tokens: their hash, never their secret.
    transaction.py         Several writes, one outcome.
    users.py               Keeps the people who work at the tenant, and finds them by address.
    webhook_keys.py        How keys of webhooks and of what they are told are spelled.
    webhooks.py            Keeps webhooks, and what is on its way to each of them.

    rows/                  The shapes of rows in the table and their two translations
        addresses.py           The rows that say an address must not be mailed
        audits.py              The row of an audit entry, in a partition of the thing it is about.
        automations.py         The rows of automations, and of what they did last with each item.
        base.py                One table, two indexes: the frame that every row shares.
        breakers.py            Rows of a tenant's circuit breaker: what became of its mails
        budgets.py             Counters of one day, and the pulses of doors.
        consents.py            The row of a consent, in its user's partition.
        counts.py              Counter rows in a sequence's partition.
        custom_fields.py       The row of a custom field, in its tenant's partition.
        deliveries.py          The row of a delivery; those that somebody must look at are listed.
        domains.py             The rows of sending domains: the tenant's own
        email_templates.py     The row of an e-mail template.
        enrollments.py         Rows in an enrollment's partition (head, stored signals, history)
        figures.py             Rows of step figures, in a sequence's partition.
        idempotency.py         The row of a request that was sent with an Idempotency-Key.
        items.py               The rows of items: the item, whose address it is
        jobs.py                The rows of a job: itself, a page of its results
        ledger.py              The ledger's row, in its enrollment's partition.
        mail_guards.py         The rows that guard intake: how much came, which notices were sent
        permits.py             The row that counts what one token has asked for in one window of …
        pointers.py            The row that leads to an item by a word, a facet or an order
        sender_addresses.py    The rows of a sender address that waits for its confirmation.
        sequences.py           Rows of a sequence's partition that its author fills
        smart_bcc.py           The rows of a Smart Bcc address: itself in its tenant's partition
        sweeps.py              How far each shard of the due index was read.
        tasks.py               The row of a Pulse task, in its enrollment's partition.
        tenants.py             The rows of a tenant's own partition
        threads.py             The rows of threads: the thread, its messages, what it absorbed
        users.py               The rows of users: the user
        webhooks.py            The rows of webhooks, and of parcels on their way to them.

domain/ (ground floor): pure: the standard library and a few listed packages

    errors.py              Everything the product may refuse, and who must act on it.
    given.py               What somebody gave of a thing that has many fields
    ids.py                 One type per identifier

    crm/                   The people and things that sales teams work on.
        addresses.py           An e-mail address, normalised
        audits.py              What an audit entry says: who changed what, when, and how.
        changes.py             What somebody wants an item to be: which fields, whether they fit
        comparisons.py         Questions about an item's fields: what may be asked of which
        custom_fields.py       A tenant's own fields: which there are for a kind of item
        email_templates.py     A ready-made mail of the tenant: subject and body, in one language
        features.py            Which features a caller finds: by the tenant's plan
        field_paths.py         The fields of items by their paths: `stage`, `person.country`
        field_setting.py       Setting one field of an item by a rule: which fields that may be
        fields.py              What the values of items and users must be like
        item_filter.py         Which items of a kind somebody wants to see, and in which order.
        item_sight.py          Who sees an item: its owner, the owner's business unit
        items.py               What the CRM holds: items of every kind
        languages.py           In which language people are written to
        liquid_limits.py       Liquid for mails: few tags, few filters, and bounds on all of them.
        liquid_texts.py        A text as its author sees it: whether it can be read
        merge_fields.py        Merge fields: what an author may write between braces
        merging.py             Two persons who turn out to be one: what the winner is afterwards
        misfits.py             Why a document does not fit its type: every misfit with its path
        plain_values.py        What a single value of a document should be: how that is called
        rights.py              Who may do what: the one table of rights, by role.
        searching.py           Words by which an item is found
        sending_domains.py     Domains a tenant sends from, proven by DNS.
        settings.py            What a tenant may set for all its users; every key has a default.
        suppressions.py        Addresses of a tenant that must not be mailed, and why.
        tokens.py              An API token: whom it opens doors for, and which.
        users.py               The people who work at the tenant
        working_time.py        When people work: hours by weekday, days off

    jobs/                  Work that is too long for one request: what a job is
        import_files.py        A file of items as people have it, CSV or JSON lines
        import_rows.py         What a row of an import says of its item: the columns of each kind
        job.py                 A job: long work that somebody asked for, done page by page
        result_files.py        Results as a CSV file that a spreadsheet can open without running …

    mail/                  Mail as we read, thread and link it.
        absence_phrases.py     What notes of absence and other automatic answers say of …
        absences.py            When somebody who is away says they will be back
        acceptance.py          Whether a mail is from whom it says
        addresses.py           Address headers, read tolerantly, in one pass and within a budget.
        attributions.py        The line a client writes above what it quotes: `On Monday
        authentication_results.py Whose signatures the receiving server found good
        bcc_address.py         A Smart Bcc address of a user or of an item
        bodies.py              Which parts of a mail are its text, its HTML and its attachments.
        body.py                A body taken apart into lines
        bounce_prose.py        Bounces in words
        budget.py              How much of a mail we are ready to read, whatever its sender wrote.
        calendars.py           What the calendar part of a mail says: an invitation, a change
        charsets.py            From bytes to text, though declared charsets lie.
        classify.py            What kind of mail it is
        client_marks.py        What mail clients call the pieces of their HTML: the quoted mail
        composing.py           A mail as we write it: the bytes SES is asked to send.
        dates.py               The Date header, as far as it can be believed to be one.
        defects.py             What was amiss with a mail, noted while it is read
        delivery_status.py     Whom a bounce names, by the report that RFC 3464 defines for it.
        enclosed.py            The mail inside a mail: attached whole, which says it best
        encodings.py           Transfer encodings, decoded as far as they go.
        farewells.py           How people and telephones end a mail, in the languages they write.
        feedback_reports.py    Complaints
        filed.py               A message in its thread
        floods.py              How much mail is taken at once: by one address, by one tenant
        forwards.py            Whose mail was forwarded to us, and what it said.
        header_blocks.py       The block of headers inside a body: `From: … Sent: … To: … Subject
        headers.py             The header block of a mail or part: found, unfolded and decoded
        html.py                HTML of strangers: made harmless before it is kept
        identity.py            Which message it is: named by what it says
        labels.py              What the header lines inside a body are called
        lines.py               The lines of a body, each looked at once: its quote marks
        linking.py             Which item a thread belongs to, and why
        macs.py                Short keyed codes for what travels in addresses
        message.py             One message, as we keep it: what its headers and bodies say
        named_days.py          Days as people name them in a sentence: `10 August`, `10/8`
        newcomers.py           Who may become a person of the CRM by having written
        parameters.py          Content-Type and Content-Disposition
        parsing.py             Bytes in, Message with its defects out; never raises.
        parts.py               The tree of parts in a mail
        people.py              The people a header inside a body names
        phrases.py             The phrases by which mail clients mark a forward
        public_tokens.py       Tokens of the public pages: whoever holds one may do one thing
        receipt.py             What SES says of a mail it received: the envelope and the verdicts
        reply_token.py         The grammar of a Reply-To token address
        rereading.py           What a newer parser reads differently in a mail that was read …
        returning.py           When somebody who is away can be written to again.
        search_words.py        The words a thread is found by
        signatures.py          Where a signature begins: by a ruled line, a farewell
        smart_bcc.py           The grammar of a Smart Bcc address: a user's own, or an item's.
        threads.py             Which thread a message belongs to: by the ids it names
        tnef.py                What Outlook packs into `winmail.dat`
        verdicts.py            What a mail means for the sequence it reaches: one verdict
        visible.py             What somebody newly wrote, without the mail they answer
        wire_ids.py            Message-IDs as clients write them: in brackets, without, folded
        written_dates.py       A date as a mail client writes it in a body

    sequences/             Flows of steps, and one item's life inside them.
        ab_tests.py            A/B tests: who gets which version
        absences.py            A sender on leave
        access.py              Who may see, make and change a sequence (D365-SEQ-04 to 09).
        ahead.py               What the engine may ask of the world in its next decision
        allowances.py          What imagined mails leave of a tenant's daily caps
        automations.py         Rules that enroll by themselves
        breaker.py             When a tenant's mail does so badly that no more of it may leave …
        budget.py              How many automatic mails may leave in a day
        calendars.py           Which days are worked and which hours are open
        captions.py            What stands in the box of a step, wherever a flow is drawn.
        catalog.py             Which ready-made sequences there are
        changes.py             What an author wants a sequence to be: whether it fits
        check_sentences.py     Every code of a check, and what it says to the author.
        checks.py              Why a flow may not run: all reasons at once, each with its step
        choices.py             What a person decides where the engine could not: Yes or No
        conditions.py          Yes or No: what a condition asks
        definition.py          A sequence and its steps: the shape of a flow
        diagram.py             Draws a flow, or the table of moves, as Mermaid
        diffs.py               What differs between two published flows: steps added, removed
        doubt.py               When a mail that may have gone out may go out again without …
        durations.py           Lengths of time as people write them in JSON: ISO 8601
        effects.py             What the outside must now do, as frozen records
        engine.py              Signal in, next enrollment and effects out
        enrollment.py          The life of one enrollment: which move is legal in which status.
        figures.py             What a step's figures are, and which line of history adds to which.
        flow_picture.py        Draws a flow as SVG: cards for steps, pills for waits
        handwork.py            What a person may do to an enrollment besides working its task.
        heeding.py             When its time comes, an enrollment first heeds its sequence
        holds.py               What a sequence's own life means for those inside it: held
        layout.py              Where the boxes of a flow stand: in layers from top to bottom
        ledger.py              What was sent, or may have been, at one step of one enrollment.
        machine_readers.py     Whether a person or a program opened a mail or followed a link …
        mail_fates.py          What became of a mail, and what that means for its enrollment.
        memory.py              How many signals of one kind an enrollment remembers.
        migration.py           Whether somebody in flight may go on in another version of the …
        outlook_picture.py     Draws what a simulation foresees: mails and steps a day
        overdue.py             A task that nobody works blocks its enrollment
        own_templates.py       A tenant's own ready-made flows, saved from a sequence.
        parking.py             When taking a step fails again and again: later
        passing.py             Steps that take no time: conditions that can be decided
        paths.py               Where the steps of a flow lead: what comes before what
        planning.py            When a wait ends and when a mail goes out, and why then
        playing.py             One imagined enrollment on an imagined clock
        previewing.py          What would happen to one item, step by step, and why then
        public_holidays.py     Public holidays and weekends, by country.
        reading.py             Reads a flow as its author sent it: every fault at once, or a Flow.
        reading_conditions.py  Reads what a condition asks: the keys that each question needs
        recount.py             What the counts and figures of a sequence ought to be
        schedule.py            When: waits, working days, windows and time zones.
        settings.py            How a sequence behaves: every key that its author may set
        signals.py             What happened and may move an enrollment.
        simulation.py          Many imagined enrollments over a period: what would be sent
        slots.py               Which places an enrollment takes for itself alone, by name
        standing.py            Where an enrollment stands: the task at its current step
        starting.py            A pending enrollment begins on the day that has a place for it …
        step_boxes.py          Draws the box of one step: card, pill, question or end
        step_checks.py         What each step must say before its flow may run: texts, questions
        steps.py               What a step is called, where it leads
        svg.py                 SVG, spelled: elements, escaped texts, numbers without tails.
        tasks.py               An entry of the Pulse feed: a step that a person does.
        templates.py           A ready-made flow that an author starts from: the copy is theirs
        texts.py               Texts of steps
        timing.py              What moves an enrollment's instants, put together from sequence
        unattended.py          What steps do that ask nobody: set a field
        walk.py                From step to step: what happens when an enrollment reaches one.
        zones.py               Whose clock counts

        ready_made/            The six ready-made sequences, one room each
            account_renewal.py     Upcoming account renewal: thirteen steps in fifty days
            contact_no_show.py     Follow up when contacts don't show up
            event_invite.py        Invite to an upcoming event: six steps in five days
            high_volume_prospecting.py High volume outbound prospecting: seven steps in nine days
            product_demo.py        Meeting for product demo requests: nine steps in five days
            webinar_follow_up.py   Webinar follow up: ten steps in seven days

            words/                 The texts of the ready-made sequences in other languages
                danish.py              The ready-made sequences in Danish.
                german.py              The ready-made sequences in German.
                norwegian.py           The ready-made sequences in Norwegian (bokmål).
                polish.py              The ready-made sequences in Polish.
                swedish.py             The ready-made sequences in Swedish.
                translation.py         How a language says hello and goodbye

    webhooks/              What programs elsewhere are told of what happens here
        news.py                What webhooks are told: that something happened to one thing
        parcels.py             A parcel: one piece of news on its way to one webhook
        secrets.py             A webhook's secret: how it is sealed for keeping, and how it signs.
        targets.py             Where a webhook may be
        webhook.py             A webhook: where a program elsewhere listens, and for what.
"""
