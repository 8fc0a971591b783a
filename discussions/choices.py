"""The words groups, topics and posts are described with."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Access(models.TextChoices):
    CLOSED = "closed", pgettext_lazy("group", "closed: invited people only, invisible to others")
    OPEN = "open", pgettext_lazy("group", "open to all members")


class GroupState(models.TextChoices):
    ACTIVE = "active", pgettext_lazy("group", "active")
    ARCHIVED = "archived", pgettext_lazy("group", "archived: to be read only")


class Role(models.TextChoices):
    MEMBER = "member", pgettext_lazy("in a group", "member")
    MODERATOR = "moderator", pgettext_lazy("in a group", "moderator")
    COACH = "coach", pgettext_lazy("in a group", "coach")


LEADING = (Role.MODERATOR, Role.COACH)


class Belonging(models.TextChoices):
    """The state of a membership."""

    INVITED = "invited", pgettext_lazy("membership of a group", "invited")
    ASKED = "asked", pgettext_lazy("membership of a group", "has asked to join")
    ACTIVE = "active", pgettext_lazy("membership of a group", "member")
    LEFT = "left", pgettext_lazy("membership of a group", "has left")
    REMOVED = "removed", pgettext_lazy("membership of a group", "was removed")
    BANNED = "banned", pgettext_lazy("membership of a group", "is banned")


class TopicKind(models.TextChoices):
    QUESTION = "question", pgettext_lazy("topic", "question")
    NEWS = "news", pgettext_lazy("topic", "news")
    POLL = "poll", pgettext_lazy("topic", "poll")
    DATES = "dates", pgettext_lazy("topic", "date poll")


class Answer(models.TextChoices):
    YES = "yes", pgettext_lazy("vote", "yes")
    MAYBE = "maybe", pgettext_lazy("vote", "if need be")
    NO = "no", pgettext_lazy("vote", "no")


class Feeling(models.TextChoices):
    """Reactions: in words, with a sign beside it."""

    THANKS = "thanks", pgettext_lazy("reaction", "Thanks")
    AGREE = "agree", pgettext_lazy("reaction", "I agree")
    HELPFUL = "helpful", pgettext_lazy("reaction", "Helpful")
    JOY = "joy", pgettext_lazy("reaction", "I am glad")


class Following(models.TextChoices):
    FOLLOW = "follow", pgettext_lazy("topic", "tell me of new posts")
    MUTE = "mute", pgettext_lazy("topic", "do not tell me")


class ReportState(models.TextChoices):
    OPEN = "open", pgettext_lazy("report", "waits for a decision")
    HIDDEN = "hidden", pgettext_lazy("report", "the post was hidden")
    KEPT = "kept", pgettext_lazy("report", "the post stays")
    RESTORED = "restored", pgettext_lazy("report", "the post is shown again after an appeal")
