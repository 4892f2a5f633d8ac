"""What is remembered: the newest and the latest used, up to a total weight."""

from __future__ import annotations

from api.engine.cache import Cache


def remembered(cache: Cache[str], keys: str) -> str:
    """Which of the keys are still there; asking counts as use."""
    return "".join(key for key in keys if cache.get(key) is not None)


def filled(keys: str, capacity: int) -> Cache[str]:
    cache: Cache[str] = Cache(capacity)
    for key in keys:
        cache.put(key, key)
    return cache


def test_the_oldest_go_first() -> None:
    assert remembered(filled("abcde", 3), "abcde") == "cde"


def test_what_was_used_counts_as_new() -> None:
    cache = filled("abc", 3)

    cache.get("a")
    cache.put("d", "d")

    assert remembered(cache, "abcd") == "acd"


def test_what_is_put_again_is_new_and_counts_once() -> None:
    cache = filled("abc", 3)

    for _ in range(5):
        cache.put("a", "A")
    cache.put("d", "d")

    assert remembered(cache, "abcd") == "acd"
    assert cache.get("a") == "A"


def test_a_heavy_item_takes_the_place_of_several() -> None:
    cache = filled("abcd", 4)

    cache.put("heavy", "h", 3)

    assert remembered(cache, "abcd") == "d"
    assert cache.get("heavy") == "h"


def test_an_item_that_became_lighter_makes_room() -> None:
    cache: Cache[str] = Cache(4)
    cache.put("heavy", "h", 4)

    cache.put("heavy", "h", 1)
    for key in "abc":
        cache.put(key, key)

    assert (cache.get("heavy"), remembered(cache, "abc")) == ("h", "abc")


def test_an_item_heavier_than_everything_is_remembered_alone_until_the_next_one() -> None:
    cache = filled("ab", 3)

    cache.put("heavy", "h", 4)
    alone = (cache.get("heavy"), remembered(cache, "ab"))
    cache.put("c", "c")

    assert alone == ("h", "")
    assert (cache.get("heavy"), remembered(cache, "c")) == (None, "c")


def test_what_is_dropped_makes_room() -> None:
    cache = filled("abc", 3)

    cache.drop("b")
    cache.drop("ghost")
    cache.put("d", "d")

    assert remembered(cache, "abcd") == "acd"
