"""What a vendor's restriction and the closed form take out of question and model, and say so."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest

from cascadesim.errors import QuestionError
from cascadesim.model.channel import Channel, Hours, Quiet, Throughput
from cascadesim.model.model import Model, Scenario
from cascadesim.model.question import NeverAfter, Objective, Question, Repeat
from cascadesim.model.segment import Headcount, Segment
from cascadesim.optimizer import Restriction, idealised
from cascadesim.units import SECOND, Duration

QUESTION = Question(
    Objective("coverage"), ("push", "viber", "email", "sms"), start_with=("push", "email"), end_with=("sms", "push")
)
NIGHT = (Quiet(Hours(time(21), time(9))),)
MODEL = Model(
    Scenario(),
    (
        Channel("viber", quiet=NIGHT),
        Channel("sms", throughput=Throughput(100, Duration(SECOND))),
        Channel("push", quiet=NIGHT, throughput=Throughput(5, Duration(SECOND))),
        Channel("email"),
    ),
    (Segment("new", Headcount(1)), Segment("loyal", Headcount(1), reacts=Hours(time(7), time(23)))),
)


def test_only_the_channels_of_the_restriction_are_left():
    question, said = Restriction(frozenset({"viber", "sms", "rcs"}), "8x8").narrow(QUESTION)
    assert question == replace(QUESTION, channels=("viber", "sms"), start_with=(), end_with=("sms",))
    assert said == (
        "email and push: 8x8 does not send there",
        "`start with email and push`: 8x8 does not send there",
    )


def test_a_restriction_that_takes_nothing_says_nothing():
    assert Restriction(frozenset(QUESTION.channels), "8x8").narrow(QUESTION) == (QUESTION, ())


def test_what_a_vendor_takes_once_or_one_of_and_how_long_it_waits():
    hour, week = Duration(3600 * SECOND), Duration(7 * 86_400 * SECOND)
    asked = replace(QUESTION, waits=(Duration(5 * SECOND), hour, week), repeats=(Repeat("sms", 2),))
    vendor = Restriction(
        frozenset(QUESTION.channels), "8x8", repeats=False, apart=(frozenset({"viber", "push"}),),
        shortest=Duration(10 * SECOND), longest=Duration(86_400 * SECOND),
    )  # fmt: skip
    question, said = vendor.narrow(asked)
    never = (NeverAfter("push", "viber"), NeverAfter("viber", "push"))
    assert question == replace(asked, waits=(hour,), repeats=(), never=never)
    assert said == (
        "`repeat sms up to 2 times`: 8x8 takes a channel once",
        "plans with more than one of push and viber: 8x8 takes one of them in a request",
        "waits of 5 s and 7 days: 8x8 waits from 10 s to 1 day",
    )


def test_a_restriction_to_none_of_the_channels_is_an_error():
    with pytest.raises(
        QuestionError, match="8x8 sends on none of the channels to choose from: email, push, sms and viber"
    ):
        Restriction(frozenset({"line"}), "8x8").narrow(QUESTION)


def test_all_that_the_closed_form_cannot_see_is_set_aside_and_named():
    ideal, said = idealised(MODEL)
    assert said == (
        "quiet hours of push and viber",
        "the throughput of push and sms",
        "the hours in which loyal reacts",
    )
    assert all(not c.quiet and c.throughput is None for c in ideal.channels)
    assert all(s.reacts is None for s in ideal.segments)


def test_only_what_concerns_the_question_is_set_aside():
    ideal, said = idealised(MODEL, ["email", "sms"], ["new"])
    assert said == ("the throughput of sms",)
    assert ideal.channel("push") == MODEL.channel("push")
    assert ideal.segment("loyal") == MODEL.segment("loyal")


def test_the_scenario_s_quiet_hours_concern_everybody():
    model = replace(MODEL, scenario=Scenario(quiet=NIGHT))
    ideal, said = idealised(model, ["email"], ["new"])
    assert said == ("quiet hours of the whole campaign",)
    assert ideal.scenario == Scenario()


def test_the_ideal_model_does_not_depend_on_the_file_s_order():
    turned = replace(MODEL, channels=MODEL.channels[::-1], segments=MODEL.segments[::-1])
    assert idealised(turned) == idealised(MODEL)
