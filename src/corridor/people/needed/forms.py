"""Forms about what somebody needs."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django import forms
from django.forms.boundfield import BoundWidget
from django.utils.translation import gettext_lazy as _

from corridor.desk.forms import TapForm
from corridor.desk.words import need_word, value_word
from corridor.people import needs
from corridor.people.acts import LONGEST_WORDS
from corridor.people.forms import offer
from corridor.people.needed.acts import SOURCES
from corridor.people.needed.difficulties import ANSWERS, QUESTIONS


class NeedsForm(TapForm):
    """Needs to add. What is held in confidence is offered to nurses and protection only."""

    needs = forms.MultipleChoiceField(
        label=_("Specific needs"), widget=forms.CheckboxSelectMultiple
    )
    source = forms.ChoiceField(label=_("How it is known"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, may_confide: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = sorted(needs.ORDINARY | needs.IN_CONFIDENCE) if may_confide else needs.OFFERED
        offer(self, "needs", [(code, need_word(code)) for code in codes])
        offer(self, "source", [(one, value_word(one)) for one in SOURCES])
        self.initial.setdefault("source", "assessed" if may_confide else "declared")

    def groups(self) -> list[tuple[str, list[BoundWidget]]]:
        """The ticks by group of codes."""
        ticks = list(self["needs"].subwidgets)
        of = lambda tick: str(tick.data["value"])[:2]  # noqa: E731 (used twice, says itself)
        return [
            (value_word(f"needs_{group}"), list(some)) for group, some in groupby(ticks, key=of)
        ]


class ReviewForm(TapForm):
    """Somebody with training should look at this person."""

    words = forms.CharField(
        label=_("What was said or seen, in confidence"),
        help_text=_("May stay empty. Only nurses and protection officers read it."),
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )


class DifficultiesForm(TapForm):
    """The Washington Group short set: wording, order and answers as they are (STD 9.8)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in QUESTIONS.items():
            self.fields[name] = forms.TypedChoiceField(
                label=words,
                required=False,
                coerce=int,
                empty_value=None,
                widget=forms.RadioSelect,
                choices=[(str(number), word) for number, word in ANSWERS.items()],
            )

    @property
    def answers(self) -> dict[str, int]:
        """Question to number, for those that were answered."""
        said = {name: self.cleaned_data[name] for name in QUESTIONS}
        return {name: answer for name, answer in said.items() if answer}
