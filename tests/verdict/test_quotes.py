"""Which words count as a declaration when a verdict is worded."""

from __future__ import annotations

from bot.verdict.quotes import quotes
from detectors.disclosure import Disclosure
from detectors.specimen import ProfileText, Specimen


def test_what_a_profile_said_once_is_no_declaration_now() -> None:
    before = ProfileText("tiktok", "vantor", "Vantor", "Parody account", "")
    now = ProfileText("tiktok", "vantor", "Vantor", "Golf", "")
    taken_away = Disclosure().examine(Specimen(profile=now, earlier_profiles=(before,)))
    assert taken_away.exhibits
    assert quotes([taken_away]) == ()
    assert [quote.text for quote in quotes([Disclosure().examine(Specimen(profile=before))])] == ["Parody account"]


def test_words_on_the_screen_and_in_subtitles_have_names_that_people_use() -> None:
    finding = Disclosure().examine(Specimen(subtitles="it is a deepfake", screen_text="Deepfake"))
    assert [quote.place for quote in quotes([finding])] == ["subtitles", "writing on the screen"]
