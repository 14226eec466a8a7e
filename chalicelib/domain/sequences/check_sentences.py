"""Every code of a check, and what it says to the author."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from chalicelib.domain.errors import Problem

SENTENCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "empty_flow": "The sequence has no steps; add one.",
        "no_start": "`start` names no step; say with which one the sequence begins.",
        "too_many_steps": "There are {count} steps; a sequence has at most {most}.",
        "too_many_nodes": "There are {count} steps, waits, conditions and ends; at most {most}.",
        "dangling_reference": "`{key}` names `{to}`, and there is no such step.",
        "unreachable": "Nothing leads to this step; connect it or delete it.",
        "cycle": "These steps lead back to each other: {trip}. A sequence must come to an end.",
        "wait_last": "A branch cannot end with a wait; delete it or put a step behind it.",
        "condition_not_after_its_step": "This condition asks about `{of}`, so it must stand "
        "directly after it, or after another condition on it.",
        "condition_needs_email": "Only an e-mail can be replied to, opened or clicked, and `{of}` "
        "is none.",
        "condition_needs_call": "Only a call can be answered, and `{of}` is none.",
        "open_tracking_off": "Nobody hears of openings: switch the setting `track_opens` on.",
        "click_tracking_off": "Nobody hears of clicks: switch the setting `track_clicks` on.",
        "attachment_tracking_off": "Nobody hears of opened attachments: they are sent along, not "
        "as links. Ask for `clicked` or `replied` instead.",
        "unknown_item_field": "There is no field `{field}` that a {kind} could be asked for.",
        "operator_not_for_field": "`{field}` cannot be compared by `{operator}`; take one of "
        "{known}.",
        "stage_not_for_kind": "A {kind} has no stages; only deals have.",
        "email_without_text": "An automatic e-mail needs `{key}`.",
        "version_without_text": "Version {letter} of the test needs `{key}`, or a `template_id`.",
        "text_and_template": "Give either `template_id`, or `subject` and `body`.",
        "bad_text": "`{key}` cannot be read: {fault}.",
        "subject_line_break": "`{key}` is one line; take the line break out.",
        "unknown_merge_field": "`{key}` names `{field}`; a sequence for a {kind} knows item, "
        "{kind}, person, organization and sender (its name, first_name, email and signature).",
        "reply_to_not_before": "`reply_to_step` names `{to}`, which is not an e-mail before this.",
        "status_not_for_kind": "A {kind} cannot be set to `{status}`.",
        "blank_tag": "Give `add_tag` a name, or leave `item_action` out.",
        "field_not_settable": "{why}.",
        "value_not_for_field": "{why}.",
        "advance_first": "A sequence cannot begin by handing over to another one.",
        "advance_target_missing": "There is no sequence `{to}`; choose another one.",
        "advance_target_inactive": "The sequence `{to}` is {state}; activate it first.",
        "advance_other_kind": "The sequence `{to}` takes {its}s, this one {ours}s.",
        "advance_loop": "This leads back here: {trip}. An item would go round for ever.",
        "template_missing": "There is no e-mail template `{template}`; choose another one.",
        "ab_test_locked": "This test has begun; its versions, share, metric and end stand. Give "
        "the changed test a new id.",
        "unknown_assignee": "`assignee` is no active user; give `owner` or the id of one.",
    }
)


def problem(path: str, code: str, **values: object) -> Problem:
    """Say one problem."""
    return Problem(path=path, code=code, message=SENTENCES[code].format_map(values))
