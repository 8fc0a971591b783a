"""Groups and who belongs to them."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.languages import PARTNER_LANGUAGES, SPOKEN_LANGUAGES
from discussions import choices


class GroupQuerySet(models.QuerySet["Group"]):
    def visible_to(self, person: object) -> "GroupQuerySet":
        """Members see their groups, and every signed-in person the open ones. Rights of the office open none, not even
        those of a superuser (docs/decisions/0031)."""
        number = getattr(person, "pk", None)
        if number is None:
            return self.none()
        banned = Membership.objects.filter(person=number, state=choices.Belonging.BANNED).values("group")
        open_ = Q(access=choices.Access.OPEN) & ~Q(pk__in=banned)
        return self.filter(
            open_ | Q(pk__in=Membership.objects.active().filter(person=number).values("group"))
        )

    def of(self, person: object) -> "GroupQuerySet":
        """Those the person belongs to."""
        mine = Membership.objects.active().filter(person=getattr(person, "pk", None))
        return self.filter(pk__in=mine.values("group"))


class Group(models.Model):
    """A room to talk in. Its address is drawn, not made of the name: an address must not tell what is closed."""

    Access = choices.Access
    State = choices.GroupState

    slug = models.SlugField(_("address"), max_length=24, unique=True)
    name = models.CharField(_("name"), max_length=100)
    purpose = models.TextField(_("what it is for"), max_length=1000, blank=True)
    rules = models.TextField(_("house rules"), max_length=4000, blank=True)
    languages = ArrayField(
        models.CharField(max_length=8, choices=SPOKEN_LANGUAGES), verbose_name=_("languages"), default=list
    )
    access = models.CharField(_("who gets in"), max_length=8, choices=choices.Access, default=Access.CLOSED)
    # Of a closed group nobody outside knows, so nobody can ask; this is about who has its link.
    takes_requests = models.BooleanField(_("people may ask to join"), default=False)
    sends_text = models.BooleanField(
        _("mails contain the text of posts"), default=True, help_text=_("Otherwise only a link.")
    )
    machine_translation = models.BooleanField(
        _("posts may be translated by a machine"),
        default=False,
        help_text=_("Their text is then sent to a service outside of the platform."),
    )
    state = models.CharField(_("state"), max_length=10, choices=choices.GroupState, default=State.ACTIVE)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)
    # Announced to the members; until then it can be taken back.
    delete_at = models.DateTimeField(_("will be deleted"), null=True, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("created by"),
    )
    created_at = models.DateTimeField(_("created"))
    # Without private lines; kept by who begins a topic, so that a list of thousands need not be counted.
    topics_count = models.PositiveIntegerField(_("topics"), default=0, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    is_demo = models.BooleanField(_("invented example"), default=False, editable=False)

    objects = GroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        ordering = ("name", "id")

    def __str__(self) -> str:
        """Never the name of a closed one: this text stands in logs, lists and titles of the admin."""
        return self.name if self.access == choices.Access.OPEN else self.slug

    def get_absolute_url(self) -> str:
        return reverse("discussions:group", args=(self.slug,))

    @property
    def is_archived(self) -> bool:
        return self.state == choices.GroupState.ARCHIVED


class BelongingQuerySet(models.QuerySet["Membership"]):
    def active(self) -> "BelongingQuerySet":
        return self.filter(state=choices.Belonging.ACTIVE)

    def leading(self) -> "BelongingQuerySet":
        return self.active().filter(role__in=choices.LEADING)

    def visible_to(self, person: object) -> "BelongingQuerySet":
        """One's own, and those of the groups one belongs to."""
        number = getattr(person, "pk", None)
        if number is None:
            return self.none()
        mine = Membership.objects.active().filter(person=number).values("group")
        return self.filter(Q(person=number) | Q(group__in=mine))


class Membership(models.Model):
    """One person and one group, for good: who comes back takes the same row."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="memberships", verbose_name=_("group"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="group_memberships",
        verbose_name=_("person"),
    )
    role = models.CharField(_("role"), max_length=10, choices=choices.Role, default=choices.Role.MEMBER)
    state = models.CharField(_("state"), max_length=8, choices=choices.Belonging)
    follows_all = models.BooleanField(_("is told of every post"), default=True)
    note = models.CharField(_("why"), max_length=400, blank=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("invited by"),
    )
    asked_at = models.DateTimeField(_("asked or invited"))
    since = models.DateTimeField(_("since"), null=True, blank=True)
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)

    objects = BelongingQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership of a group")
        verbose_name_plural = _("memberships of groups")
        ordering = ("group", "id")
        constraints = (models.UniqueConstraint(fields=("group", "person"), name="member_once"),)
        indexes = (models.Index(fields=("person", "state"), name="member_of_groups"),)

    def __str__(self) -> str:
        return f"{self.group}: {self.person}"


class Invitation(models.Model):
    """Somebody is asked to join by mail; whoever has the link and an account becomes a member."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="invitations", verbose_name=_("group"))
    # Emptied once it is answered or over.
    email = models.EmailField(_("e-mail address"), blank=True)
    language = models.CharField(_("language"), max_length=8, choices=PARTNER_LANGUAGES)
    role = models.CharField(_("role"), max_length=10, choices=choices.Role, default=choices.Role.MEMBER)
    nonce = models.CharField(max_length=32, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("invited by"),
    )
    invited_at = models.DateTimeField(_("invited"))
    expires_at = models.DateTimeField(_("valid until"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("invitation to a group")
        verbose_name_plural = _("invitations to groups")
        ordering = ("-invited_at", "-id")
        constraints = (
            models.UniqueConstraint(
                "group",
                Lower("email"),
                condition=~Q(email="") & Q(accepted_at=None) & Q(withdrawn_at=None),
                name="group_invites_an_address_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.group}: {self.invited_at:%Y-%m-%d}"


class Entry(models.Model):
    """A superuser has gone into a closed group, and why. Its members are told, and it stays in the group's log."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="entries", verbose_name=_("group"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("person")
    )
    reason = models.CharField(_("reason"), max_length=400)
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("look into a closed group")
        verbose_name_plural = _("looks into closed groups")
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.group.slug}: {self.at:%Y-%m-%d}"
