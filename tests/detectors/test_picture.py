"""What a profile's picture is worth: the official one, a reference photo, anybody else's, and none."""

from __future__ import annotations

from detectors.contract import Reason, Status
from detectors.picture import OFFICIAL, PHOTO, Picture
from detectors.specimen import KnownPicture, Person, Specimen

JANE = Person("Jane Example")
PHOTOGRAPH = KnownPicture("photo", "jane.jpg", "Jane Example", 3)
OWN = KnownPicture("official", "https://x.example/jane", "Jane Example", 9, "tiktok", "jane")


def told(*pictures: KnownPicture) -> Specimen:
    return Specimen(person=JANE, pictures=pictures)


def test_the_official_picture_counts_more_than_a_photo_however_near_either_comes() -> None:
    finding = Picture().examine(told(PHOTOGRAPH, OWN))
    assert (finding.status, finding.log10_lr) == (Status.OK, OFFICIAL)
    assert finding.statement == "The profile shows the picture of Jane Example's official account, as fans do, too."
    assert [(one.field, one.text) for one in finding.exhibits] == [("profile picture", "https://x.example/jane")]
    photo = Picture().examine(told(PHOTOGRAPH))
    assert photo.log10_lr == PHOTO < OFFICIAL
    assert "a reference photo of Jane Example" in photo.statement


def test_pictures_of_others_say_nothing() -> None:
    other = KnownPicture("official", "https://x.example/john", "John Sample", 0, "tiktok", "john")
    stranger = KnownPicture("account", "https://x.example/x", None, 0, "tiktok", "x")
    for specimen in (told(), told(other, stranger)):
        finding = Picture().examine(specimen)
        assert (finding.status, finding.log10_lr, finding.exhibits) == (Status.OK, 0.0, ())
        assert finding.statement == "The profile shows no picture of Jane Example that is kept."


def test_without_a_person_or_a_picture_it_is_not_applicable() -> None:
    for specimen in (Specimen(person=JANE), Specimen(pictures=(OWN,)), Specimen()):
        finding = Picture().examine(specimen)
        assert (finding.status, finding.reason) == (Status.NOT_APPLICABLE, Reason.NO_LOOKUP)
        assert finding.log10_lr == 0
