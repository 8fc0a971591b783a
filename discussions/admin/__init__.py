"""The office's view of groups, one subject a file. Topics, posts and members have no page here."""

from discussions.admin.entries import EntryAdmin as EntryAdmin
from discussions.admin.groups import GroupAdmin as GroupAdmin
from discussions.admin.reports import ReportAdmin as ReportAdmin
