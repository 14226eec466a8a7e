"""Where a signature begins, and what only looks like one."""

import pytest

from chalicelib.domain.mail.signatures import is_only_signature, split_signature


@pytest.mark.parametrize(
    "text, signature",
    [
        ("Yes.\n-- \nPaula", "-- \nPaula"),
        ("Yes.\n--\n\nPaula Person\nAcme\n+1 555 0100", "--\n\nPaula Person\nAcme\n+1 555 0100"),
        ("Yes.\n\nBest regards,\nPaula", "Best regards,\nPaula"),
        ("Yes.\n\nViele Grüße aus Bonn\nPaula", "Viele Grüße aus Bonn\nPaula"),
        ("Ja.\n\nMed vänlig hälsning\n\nPaula", "Med vänlig hälsning\n\nPaula"),
        ("Yes.\nRegards, Paula", "Regards, Paula"),
        ("はい。\nよろしくお願いいたします。\n田中", "よろしくお願いいたします。\n田中"),
        ("Yes.\n\nThanks!\nPaula", "Thanks!\nPaula"),
        ("Yes.\n\nSent from my iPhone", "Sent from my iPhone"),
        ("Oui.\n\nEnvoyé de mon iPhone", "Envoyé de mon iPhone"),
        ("Yes.\nSent from Outlook, for Android", "Sent from Outlook, for Android"),
        ("Yes.\nSent from a train", "Sent from a train"),
        ("Yes.\n-Paula", "-Paula"),
        ("Yes.\n\n/Paula", "/Paula"),
        ("Yes.\n-Paula\n\nSent from my iPhone", "-Paula\n\nSent from my iPhone"),
        ("Yes.\n-Paula\n\n_______\nusers\nhttp://l.test", "-Paula\n\n_______\nusers\nhttp://l.test"),
        ("Yes.\n--\n--\nRegards,\nPaula", "--\n--\nRegards,\nPaula"),
        ("Yes.\n==========\nAcme", "==========\nAcme"),
    ],
)  # fmt: skip
def test_a_signature_is_split_off(text: str, signature: str) -> None:
    rest, found = split_signature(text)

    assert found == signature
    assert rest == text.removesuffix(signature).rstrip()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Yes.",
        "Regards",
        "--\nPaula",
        "Yes.\n- chairs\n- tables",
        "Yes.\nThanks",
        "Yes.\n\n---------",
        "Yes.\nThanks!\nCan you send 40?",
        "Yes.\nThanks!\nand the tables as well please",
        "Yes.\nThanks,\n1 2 3",
        "Yes.\nSent from my desk, which is much easier than from any telephone or mobile.",
        "Yes.\nSent from the desk, twice",
        "Yes.\nSent from my iPhone\n1\n2\n3\n4",
        "Yes.\n-----\n1\n2\n3\n4\n5\n6",
        "Yes.\nBest regards,\n" + "x" * 90,
        "Yes.\nAnd so on and on, " + "on " * 60,
        "Best chairs.\nBest of all.",
        "1.\n" + "x\n" * 40 + "\nend",
    ],
)
def test_what_is_no_signature_stays(text: str) -> None:
    assert split_signature(text) == (text, "")


@pytest.mark.parametrize(
    "lines, expected",
    [
        (["", " "], True),
        (["-- ", "Paula"], True),
        (["Sent from my iPhone"], True),
        (["Yes."], False),
        (["--", *["x"] * 20], False),
    ],
)
def test_a_signature_may_stand_alone(lines: list[str], expected: bool) -> None:
    assert is_only_signature(lines) is expected
