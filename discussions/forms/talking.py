"""What is asked beside writing: a vote, a reaction, whether to be told, and what becomes of a topic."""

from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy

from discussions.choices import Answer, Feeling, Following, TopicKind
from discussions.models import Option, Topic, Vote

SETTLING = ("pin", "unpin", "answered", "open", "take", "give_back", "faq", "not_faq")


class VoteForm(forms.Form):
    """Of a poll: ticks. Of a date poll: yes, if need be or no for each date, on the reader's clock."""

    def __init__(self, data: Any = None, *, topic: Topic, person: Any) -> None:
        super().__init__(data)
        self.topic = topic
        self.options = list(topic.options.all())
        mine = dict(Vote.objects.filter(option__topic=topic, person=person).values_list("option", "answer"))
        if topic.kind == TopicKind.DATES:
            for option in self.options:
                self.fields[f"option_{option.pk}"] = _date_field(option, mine.get(option.pk, ""))
        else:
            chosen = [str(number) for number, answer in mine.items() if answer == Answer.YES]
            self.fields["options"] = forms.MultipleChoiceField(
                label=gettext_lazy("Your vote"),
                help_text=gettext_lazy("You can choose several answers."),
                choices=[(str(option.pk), option.text) for option in self.options],
                widget=forms.CheckboxSelectMultiple,
                initial=chosen,
                required=False,
            )

    def answers(self) -> dict[int, str]:
        """Of a valid form, by the number of the option."""
        if self.topic.kind != TopicKind.DATES:
            return {int(number): Answer.YES.value for number in self.cleaned_data["options"]}
        given = {option.pk: self.cleaned_data[f"option_{option.pk}"] for option in self.options}
        return {number: answer for number, answer in given.items() if answer}


class ReactForm(forms.Form):
    """Which one, and whether it shall be there: not a change, so that sent twice it is the same."""

    reaction = forms.ChoiceField(
        choices=[(f"{feeling}:{on}", "") for feeling in Feeling.values for on in (0, 1)]
    )

    def said(self) -> tuple[str, bool]:
        feeling, _colon, on = self.cleaned_data["reaction"].partition(":")
        return feeling, on == "1"


class FollowForm(forms.Form):
    following = forms.ChoiceField(choices=[("", ""), *Following.choices], required=False)


class SettleForm(forms.Form):
    """`answer`: the number of the post within the topic that answers the question. `back`: pressed in the queue of the
    coaches, which is shown again."""

    what = forms.ChoiceField(choices=[(word, word) for word in SETTLING])
    back = forms.ChoiceField(
        choices=[(word, word) for word in ("waiting", "mine", "answered")], required=False
    )
    answer = forms.IntegerField(min_value=1, required=False)


def _date_field(option: Option, mine: str) -> forms.ChoiceField:
    moment = localtime(option.starts_at) if option.starts_at else None
    return forms.ChoiceField(
        label=date_format(moment, "DATETIME_FORMAT") if moment else option.text,
        choices=[(answer.value, capfirst(str(answer.label))) for answer in Answer],
        widget=forms.RadioSelect,
        initial=mine,
        required=False,
    )
