"""The values that cross the line between core and plugins: small, frozen, without any tie to a database or a
request.
"""

from __future__ import annotations

from core.plugin_api.values.authorship import AuthorPolicy, Confirmation
from core.plugin_api.values.awards import (
    Allocation,
    AwardScheme,
    DecisionRule,
    Proposal,
    Ranked,
    SpecialAward,
    Tier,
    VotePolicy,
)
from core.plugin_api.values.dossier import (
    Choice,
    EntryField,
    FieldKind,
    FormColumn,
    FormField,
    FormSection,
)
from core.plugin_api.values.entries import Author, AuthorRole, Edition, Entry, Finding, PluginRef, Severity
from core.plugin_api.values.judging import (
    Aggregate,
    Anchor,
    ComponentScores,
    Criterion,
    Round,
    Sheet,
    TieBreak,
)
from core.plugin_api.values.lifecycle import NOTICE_FIELDS, Audience, Moment, NavItem, Notice, Phase
from core.plugin_api.values.outreach import ReportFigure
from core.plugin_api.values.pages import DOCUMENT_FIELDS, Document, Panel, Slot
from core.plugin_api.values.screening import ChecklistItem
from core.plugin_api.values.words import Clause, Step, Terms, Text

__all__ = [
    "DOCUMENT_FIELDS",
    "NOTICE_FIELDS",
    "Aggregate",
    "Allocation",
    "Anchor",
    "Audience",
    "Author",
    "AuthorPolicy",
    "AuthorRole",
    "AwardScheme",
    "ChecklistItem",
    "Choice",
    "Clause",
    "ComponentScores",
    "Confirmation",
    "Criterion",
    "DecisionRule",
    "Document",
    "Edition",
    "Entry",
    "EntryField",
    "FieldKind",
    "Finding",
    "FormColumn",
    "FormField",
    "FormSection",
    "Moment",
    "NavItem",
    "Notice",
    "Panel",
    "Phase",
    "PluginRef",
    "Proposal",
    "Ranked",
    "ReportFigure",
    "Round",
    "Severity",
    "Sheet",
    "Slot",
    "SpecialAward",
    "Step",
    "Terms",
    "Text",
    "TieBreak",
    "Tier",
    "VotePolicy",
]
