"""Everything that happens to the directory, one subject a file."""

from directory.actions.claims import (
    AlreadyClaimed,
    ClaimIsOver,
    LinkIsVoid,
    MayNotAnswer,
    answer_second_claim,
    decide_claim,
    end_claim,
    forget_claim_addresses,
    forget_claims_of,
    hand_over_claim,
    make_claim,
    prove_claim_address,
)
from directory.actions.contact import MESSAGES_KEPT, forget_messages, send_message
from directory.actions.places import (
    free_slug,
    merge_all,
    merge_municipalities,
    merge_regions,
    municipality_search_text,
    save_labels,
    save_municipality,
    save_region,
    set_partnership_counts,
)
from directory.actions.profiles import save_profile
from directory.actions.reports import (
    ADDRESS_KEPT,
    AlreadyAnswered,
    answer_report,
    forget_reporters,
    report_entry,
)

__all__ = [
    "ADDRESS_KEPT",
    "MESSAGES_KEPT",
    "AlreadyAnswered",
    "AlreadyClaimed",
    "ClaimIsOver",
    "LinkIsVoid",
    "MayNotAnswer",
    "answer_report",
    "answer_second_claim",
    "decide_claim",
    "end_claim",
    "forget_claim_addresses",
    "forget_claims_of",
    "forget_messages",
    "forget_reporters",
    "free_slug",
    "hand_over_claim",
    "make_claim",
    "merge_all",
    "merge_municipalities",
    "merge_regions",
    "municipality_search_text",
    "prove_claim_address",
    "report_entry",
    "save_labels",
    "save_municipality",
    "save_profile",
    "save_region",
    "send_message",
    "set_partnership_counts",
]
