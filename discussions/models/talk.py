"""Topics, posts and all that hangs on them."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.languages import SPOKEN_LANGUAGES
from discussions import choices
from discussions.models.groups import Group, Membership

PERSON = settings.AUTH_USER_MODEL
# Its folded words, each as it is: what queries.search looks up must be written exactly so.
WORDS = SearchVector("search_text", config="simple")


def seen_by(person: object, topic: str = "") -> Q:
    """`Topic.objects.visible_to` as a condition; for rows of a topic, `topic` leads to it ("topic__")."""
    number = getattr(person, "pk", None)
    if number is None:
        return Q(pk__in=())
    coached = Membership.objects.active().filter(person=number, role=choices.Role.COACH).values("group")
    members = Membership.objects.active().filter(person=number).values("group")
    own = Q(**{f"{topic}line_of": number}) & Q(group__in=members)
    line = Q(**{f"{topic}is_line": False}) | own | Q(group__in=coached)
    return line & Q(group__in=Group.objects.visible_to(person))


class TalkQuerySet(models.QuerySet["Topic"]):
    def visible_to(self, person: object) -> "TalkQuerySet":
        """Of the groups this person sees; a private line only for its person and the coaches of the group."""
        return self.filter(seen_by(person))

    def visible_in(self, group: int, person: int, *, is_member: bool, coaches: bool) -> "TalkQuerySet":
        """`visible_to`, for who sees the group, and of whom it is known what they are there (queries.rooms): asking
        that again costs PostgreSQL more than all the rest."""
        rows = self.filter(group=group)
        if coaches:
            return rows
        return rows.filter(Q(is_line=False) | Q(line_of=person)) if is_member else rows.filter(is_line=False)


class Topic(models.Model):
    """One question, piece of news or poll, and what is answered."""

    Kind = choices.TopicKind

    group = models.ForeignKey(Group, models.CASCADE, related_name="topics", verbose_name=_("group"))
    kind = models.CharField(_("kind"), max_length=10, choices=choices.TopicKind, default=Kind.QUESTION)
    title = models.CharField(_("title"), max_length=140)
    # The private line of a participant: read by this person and the coaches of the group, nobody else.
    line_of = models.ForeignKey(
        PERSON,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="private_lines",
        verbose_name=_("private line of"),
    )
    is_line = models.BooleanField(default=False, editable=False)
    author = models.ForeignKey(
        PERSON, models.SET_NULL, null=True, related_name="topics", verbose_name=_("author")
    )
    created_at = models.DateTimeField(_("begun"))
    # Kept with the topic, under its lock, so that lists need not count.
    last_number = models.PositiveIntegerField(_("posts"), default=0, editable=False)
    last_post_at = models.DateTimeField(_("last post"), editable=False)
    last_author = models.ForeignKey(
        PERSON, models.SET_NULL, null=True, related_name="+", editable=False, verbose_name=_("last author")
    )
    is_pinned = models.BooleanField(_("pinned"), default=False)
    is_faq = models.BooleanField(_("among the frequent questions"), default=False)
    # Whether coaches are to answer, and who of them has taken it.
    needs_answer = models.BooleanField(_("needs an answer"), default=False)
    waits_since = models.DateTimeField(_("waits since"), null=True, blank=True)
    taken_by = models.ForeignKey(
        PERSON, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("taken by")
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answer = models.ForeignKey(
        "discussions.Post", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("answer")
    )
    closes_at = models.DateTimeField(_("votes until"), null=True, blank=True)
    search_text = models.TextField(editable=False, default="")

    objects = TalkQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ("-is_pinned", "-last_post_at", "-id")
        indexes = (
            models.Index(fields=("group", "-is_pinned", "-last_post_at", "-id"), name="topics_of_a_group"),
            models.Index(fields=("waits_since",), condition=Q(needs_answer=True), name="topics_to_answer"),
            models.Index(fields=("group", "-last_post_at", "-id"), name="newest_topics_of_a_group"),
            GinIndex(WORDS, name="topic_words"),
            GinIndex(fields=("search_text",), opclasses=("gin_trgm_ops",), name="topic_search"),
        )
        constraints = (
            # Whoever is erased leaves a line that only coaches read; it never becomes a topic of the group.
            models.CheckConstraint(
                condition=Q(line_of=None) | Q(is_line=True), name="topic_line_stays_a_line"
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("discussions:topic", args=(self.group.slug, self.pk))


class PostQuerySet(models.QuerySet["Post"]):
    def visible_to(self, person: object) -> "PostQuerySet":
        return self.filter(seen_by(person, "topic__"))

    def readable(self) -> "PostQuerySet":
        """Neither deleted nor hidden."""
        return self.filter(deleted_at=None, hidden_at=None)


class Post(models.Model):
    """What somebody said. Deleted it leaves a mark: the text goes, the number stays."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="posts", verbose_name=_("topic"))
    # The topic's, which never changes: the newest posts of a group are read in the order of an index.
    group = models.ForeignKey(
        Group, models.CASCADE, related_name="posts", editable=False, verbose_name=_("group")
    )
    number = models.PositiveIntegerField(_("number"))
    author = models.ForeignKey(
        PERSON, models.SET_NULL, null=True, related_name="posts", verbose_name=_("author")
    )
    text = models.TextField(_("text"), max_length=20_000)
    # Safe HTML of the text, made by this version of core.markdown.
    html = models.TextField(editable=False)
    renderer = models.PositiveSmallIntegerField(editable=False, default=0)
    language = models.CharField(_("language"), max_length=8, choices=SPOKEN_LANGUAGES, blank=True, default="")
    posted_at = models.DateTimeField(_("posted"))
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True)
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True)
    hidden_at = models.DateTimeField(_("hidden"), null=True, blank=True)
    hidden_reason = models.CharField(_("why it was hidden"), max_length=400, blank=True)
    hidden_by = models.ForeignKey(
        PERSON, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("hidden by")
    )
    came_by_mail = models.BooleanField(_("came by mail"), default=False)
    # Of a mail that was delivered twice: the second one is known.
    message_id = models.CharField(max_length=200, blank=True, default="", editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    search_text = models.TextField(editable=False, default="")

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ("topic", "number")
        constraints = (
            models.UniqueConstraint(fields=("topic", "number"), name="post_number_once"),
            models.UniqueConstraint(
                fields=("topic", "message_id"), condition=~Q(message_id=""), name="post_by_mail_once"
            ),
        )
        indexes = (
            models.Index(fields=("group", "-posted_at", "-id"), name="posts_of_a_group"),
            GinIndex(WORDS, name="post_words"),
            GinIndex(fields=("search_text",), opclasses=("gin_trgm_ops",), name="post_search"),
        )

    def __str__(self) -> str:
        return f"{self.topic_id} #{self.number}"


class PostVersion(models.Model):
    """What a post said before it was changed; the members of the group may compare."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="versions", verbose_name=_("post"))
    text = models.TextField(_("text"))
    replaced_at = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("earlier version of a post")
        verbose_name_plural = _("earlier versions of posts")
        ordering = ("-replaced_at", "-id")

    def __str__(self) -> str:
        return str(self.post)


class Reaction(models.Model):
    post = models.ForeignKey(Post, models.CASCADE, related_name="reactions", verbose_name=_("post"))
    person = models.ForeignKey(PERSON, models.CASCADE, related_name="+", verbose_name=_("person"))
    feeling = models.CharField(_("reaction"), max_length=8, choices=choices.Feeling)

    class Meta:
        verbose_name = _("reaction")
        verbose_name_plural = _("reactions")
        constraints = (models.UniqueConstraint(fields=("post", "person", "feeling"), name="reaction_once"),)

    def __str__(self) -> str:
        return f"{self.post}: {self.feeling}"


class Attachment(models.Model):
    """A file of a post, or of a draft of its owner."""

    post = models.ForeignKey(
        Post, models.CASCADE, null=True, blank=True, related_name="attachments", verbose_name=_("post")
    )
    draft = models.ForeignKey(
        "discussions.Draft", models.CASCADE, null=True, blank=True, related_name="attachments"
    )
    file = models.CharField(max_length=200, editable=False)
    original_name = models.CharField(_("name of the file"), max_length=160, editable=False)
    content_type = models.CharField(max_length=100, editable=False)
    size = models.PositiveIntegerField(_("size"), editable=False)
    width = models.PositiveIntegerField(null=True, editable=False)
    height = models.PositiveIntegerField(null=True, editable=False)
    uploaded_at = models.DateTimeField(_("uploaded"))

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(post=None, draft__isnull=False) | Q(post__isnull=False, draft=None),
                name="attachment_of_a_post_or_a_draft",
            ),
        )

    def __str__(self) -> str:
        return self.original_name


class ReadMark(models.Model):
    """How far a person has read a topic, and whether they want to hear of it."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="marks", verbose_name=_("topic"))
    person = models.ForeignKey(PERSON, models.CASCADE, related_name="+", verbose_name=_("person"))
    number = models.PositiveIntegerField(_("read up to"), default=0)
    following = models.CharField(
        _("told of new posts"), max_length=8, choices=choices.Following, blank=True, default=""
    )

    class Meta:
        verbose_name = _("read mark")
        verbose_name_plural = _("read marks")
        constraints = (models.UniqueConstraint(fields=("person", "topic"), name="read_mark_once"),)

    def __str__(self) -> str:
        return f"{self.topic_id}: {self.number}"


class Draft(models.Model):
    """What somebody has begun to write: one for each topic, and one for a new topic of each group."""

    person = models.ForeignKey(PERSON, models.CASCADE, related_name="post_drafts", verbose_name=_("person"))
    group = models.ForeignKey(Group, models.CASCADE, related_name="+", verbose_name=_("group"))
    topic = models.ForeignKey(
        Topic, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("topic")
    )
    title = models.CharField(_("title"), max_length=140, blank=True)
    text = models.TextField(_("text"), max_length=20_000, blank=True)
    changed_at = models.DateTimeField(_("changed"))

    class Meta:
        verbose_name = _("draft of a post")
        verbose_name_plural = _("drafts of posts")
        constraints = (
            models.UniqueConstraint(
                fields=("person", "topic"), condition=Q(topic__isnull=False), name="draft_once_per_topic"
            ),
            models.UniqueConstraint(
                fields=("person", "group"), condition=Q(topic=None), name="draft_once_per_group"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id}: {self.changed_at:%Y-%m-%d}"


class Option(models.Model):
    """One answer of a poll, or one date of a date poll (`starts_at`, UTC)."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="options", verbose_name=_("topic"))
    position = models.PositiveSmallIntegerField(_("position"))
    text = models.CharField(_("text"), max_length=140, blank=True)
    starts_at = models.DateTimeField(_("start"), null=True, blank=True)

    class Meta:
        verbose_name = _("option of a poll")
        verbose_name_plural = _("options of polls")
        ordering = ("position", "id")
        constraints = (models.UniqueConstraint(fields=("topic", "position"), name="option_position_once"),)

    def __str__(self) -> str:
        return self.text or str(self.starts_at)


class Vote(models.Model):
    option = models.ForeignKey(Option, models.CASCADE, related_name="votes", verbose_name=_("option"))
    person = models.ForeignKey(PERSON, models.CASCADE, related_name="+", verbose_name=_("person"))
    answer = models.CharField(_("answer"), max_length=6, choices=choices.Answer)

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = (models.UniqueConstraint(fields=("option", "person"), name="vote_once"),)

    def __str__(self) -> str:
        return f"{self.option_id}: {self.answer}"


class Translation(models.Model):
    """What a post says in another language, written by somebody who speaks it."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="translations", verbose_name=_("post"))
    language = models.CharField(_("language"), max_length=8, choices=SPOKEN_LANGUAGES)
    # Empty while it is only asked for.
    text = models.TextField(_("text"), max_length=20_000, blank=True)
    html = models.TextField(editable=False, default="")
    renderer = models.PositiveSmallIntegerField(editable=False, default=0)
    translator = models.ForeignKey(
        PERSON, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("translated by")
    )
    is_machine = models.BooleanField(_("made by a machine"), default=False)
    # Of which version of the post: a later one makes it out of date.
    of_version = models.PositiveIntegerField(default=1, editable=False)
    asked_by = models.ForeignKey(
        PERSON, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("asked for by")
    )
    asked_at = models.DateTimeField(_("asked for"), null=True, blank=True)
    written_at = models.DateTimeField(_("written"), null=True, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("translation of a post")
        verbose_name_plural = _("translations of posts")
        constraints = (models.UniqueConstraint(fields=("post", "language"), name="translation_once"),)

    def __str__(self) -> str:
        return f"{self.post}: {self.language}"


class Term(models.Model):
    """An entry of the shared glossary: one term in the languages of the region."""

    # Of those that come with the software: they are loaded once, and then belong to the members.
    key = models.SlugField(max_length=60, unique=True, null=True, blank=True, editable=False)
    words = models.JSONField(_("the term by language"), default=dict)
    note = models.CharField(_("note"), max_length=300, blank=True)
    search_text = models.TextField(editable=False, default="")
    # By its word in German or English.
    sort_key = models.CharField(max_length=140, editable=False, default="", db_index=True)
    added_by = models.ForeignKey(
        PERSON, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("added by")
    )
    changed_by = models.ForeignKey(
        PERSON, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("changed by")
    )
    changed_at = models.DateTimeField(_("changed"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("term of the glossary")
        verbose_name_plural = _("terms of the glossary")
        ordering = ("sort_key", "id")

    def __str__(self) -> str:
        words = self.words.values()
        return str(self.words.get("de") or self.words.get("en") or next(iter(words), self.pk))
