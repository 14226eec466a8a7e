"""Every way through the six ready-made sequences, in days; what `test_templates` expects."""

from typing import Final

STORIES: Final[tuple[tuple[str, str, str, str], ...]] = (
    (
        "contact_no_show",
        "e1",
        "d0 e1: sent, d0 k1: yes, d0 c1y: completed, d0 x1: replied",
        "open",
    ),
    (
        "contact_no_show",
        "c2",
        "d0 e1: sent, d1 k1: no, d1 c2: completed, d1 k2: yes, d1 t2y: completed, d1 x2: answered",
        "open",
    ),
    (
        "contact_no_show",
        "e3",
        (
            "d0 e1: sent, d1 k1: no, d1 c2: completed, d1 k2: no, d3 w1: completed, "
            "d3 e3: sent, d3 k3: yes, d3 c3y: completed, d3 x3: replied"
        ),
        "open",
    ),
    (
        "contact_no_show",
        "",
        (
            "d0 e1: sent, d1 k1: no, d1 c2: completed, d1 k2: no, d3 w1: completed, "
            "d3 e3: sent, d5 k3: no, d5 t4: completed, d5 x4: no_response"
        ),
        "open",
    ),
    (
        "event_invite",
        "e1",
        "d0 e1: sent, d0 k1: yes, d0 e1y: sent, d0 x1: replied",
        "open",
    ),
    (
        "event_invite",
        "e2",
        "d0 e1: sent, d2 k1: no, d2 e2: sent, d2 k2: yes, d2 e2y: sent, d2 x2: replied",
        "open",
    ),
    (
        "event_invite",
        "c3",
        (
            "d0 e1: sent, d2 k1: no, d2 e2: sent, d5 k2: no, d5 c3: completed, d5 k3: yes, "
            "d5 e3y: sent, d5 x3: answered"
        ),
        "open",
    ),
    (
        "event_invite",
        "",
        (
            "d0 e1: sent, d2 k1: no, d2 e2: sent, d5 k2: no, d5 c3: completed, d5 k3: no, "
            "d5 x4: no_response"
        ),
        "open, future events",
    ),
    (
        "product_demo",
        "e2",
        (
            "d0 e1: sent, d0 l1: completed, d0 l2: completed, d1 w1: completed, d1 e2: sent, "
            "d1 k2: yes, d1 t2y: completed, d1 x1: demo_set"
        ),
        "open",
    ),
    (
        "product_demo",
        "c3",
        (
            "d0 e1: sent, d0 l1: completed, d0 l2: completed, d1 w1: completed, d1 e2: sent, "
            "d3 k2: no, d3 c3: completed, d3 k3: yes, d3 t3y: completed, d3 x2: demo_set"
        ),
        "open",
    ),
    (
        "product_demo",
        "c4",
        (
            "d0 e1: sent, d0 l1: completed, d0 l2: completed, d1 w1: completed, d1 e2: sent, "
            "d3 k2: no, d3 c3: completed, d3 k3: no, d5 w2: completed, d5 c4: completed, "
            "d5 k4: yes, d5 t4y: completed, d5 x3: demo_set"
        ),
        "open",
    ),
    (
        "product_demo",
        "",
        (
            "d0 e1: sent, d0 l1: completed, d0 l2: completed, d1 w1: completed, d1 e2: sent, "
            "d3 k2: no, d3 c3: completed, d3 k3: no, d5 w2: completed, d5 c4: completed, "
            "d5 k4: no, d5 x4: disqualified"
        ),
        "lost",
    ),
    (
        "account_renewal",
        "",
        (
            "d0 s1: completed, d0 s2: sent, d7 w2: completed, d7 s3: completed, "
            "d10 w3: completed, d10 s4: completed, d12 w4: completed, d12 s5: completed, "
            "d17 w5: completed, d17 s6: sent, d24 w6: completed, d24 s7: completed, "
            "d27 w7: completed, d27 s8: completed, d30 w8: completed, d30 s9: completed, "
            "d30 s10: sent, d37 w10: completed, d37 s11: completed, d44 w11: completed, "
            "d44 s12: completed, d50 w12: completed, d50 s13: sent, d50 x1: completed"
        ),
        "open",
    ),
    (
        "webinar_follow_up",
        "a1",
        "d0 a1: sent, d0 k1: yes, d0 e1y: sent, d0 q: completed, d0 m: completed, d0 x1: qualified",
        "open",
    ),
    (
        "webinar_follow_up",
        "e2",
        (
            "d0 a1: sent, d1 k1: no, d1 e2: sent, d1 k2: yes, d1 e2y: sent, d1 q: completed, "
            "d1 m: completed, d1 x1: qualified"
        ),
        "open",
    ),
    (
        "webinar_follow_up",
        "c3",
        (
            "d0 a1: sent, d1 k1: no, d1 e2: sent, d3 k2: no, d3 c3: completed, d3 k3: yes, "
            "d3 e3y: sent, d3 q: completed, d3 m: completed, d3 x1: qualified"
        ),
        "open",
    ),
    (
        "webinar_follow_up",
        "e4",
        (
            "d0 a1: sent, d1 k1: no, d1 e2: sent, d3 k2: no, d3 c3: completed, d3 k3: no, "
            "d5 w1: completed, d5 e4: sent, d5 k4: yes, d5 e4y: sent, d5 q: completed, "
            "d5 m: completed, d5 x1: qualified"
        ),
        "open",
    ),
    (
        "webinar_follow_up",
        "",
        (
            "d0 a1: sent, d1 k1: no, d1 e2: sent, d3 k2: no, d3 c3: completed, d3 k3: no, "
            "d5 w1: completed, d5 e4: sent, d7 k4: no, d7 x2: disqualified"
        ),
        "disqualified",
    ),
    (
        "high_volume_prospecting",
        "c2",
        (
            "d0 a1: sent, d0 l1: completed, d2 w0: completed, d2 c2: completed, d2 k2: yes, "
            "d2 l2y: completed, d2 x1: meeting_scheduled"
        ),
        "open",
    ),
    (
        "high_volume_prospecting",
        "c3",
        (
            "d0 a1: sent, d0 l1: completed, d2 w0: completed, d2 c2: completed, d2 k2: no, "
            "d4 w1: completed, d4 a3: sent, d7 w2: completed, d7 c3: completed, d7 k3: yes, "
            "d7 x2: meeting_scheduled"
        ),
        "open",
    ),
    (
        "high_volume_prospecting",
        "c4",
        (
            "d0 a1: sent, d0 l1: completed, d2 w0: completed, d2 c2: completed, d2 k2: no, "
            "d4 w1: completed, d4 a3: sent, d7 w2: completed, d7 c3: completed, d7 k3: no, "
            "d9 w3: completed, d9 c4: completed, d9 k4: yes, d9 x3: meeting_scheduled"
        ),
        "open",
    ),
    (
        "high_volume_prospecting",
        "",
        (
            "d0 a1: sent, d0 l1: completed, d2 w0: completed, d2 c2: completed, d2 k2: no, "
            "d4 w1: completed, d4 a3: sent, d7 w2: completed, d7 c3: completed, d7 k3: no, "
            "d9 w3: completed, d9 c4: completed, d9 k4: no, d9 x4: disqualified"
        ),
        "disqualified",
    ),
)
