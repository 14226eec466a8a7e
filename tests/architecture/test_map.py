"""The map of the house shows the house as it is."""

from tests.architecture import map as house_map


def test_the_map_shows_every_room_with_its_reason() -> None:
    drawn = (house_map.HOUSE / "__init__.py").read_text()

    assert drawn == house_map.text(), "draw it anew: make diagrams"
