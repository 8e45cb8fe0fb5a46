"""The codec: what goes in comes out, and hostile bytes give a plain value or Refused."""

from __future__ import annotations

import json
import math
import random
import string
from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from hypothesis.extra import pandas as hpd

from grader.marking import arrays, plain, tables
from grader.marking.wire import Caps, Codec, Refused
from tests.figures import TRIED

CODEC = Codec((*plain.ROWS, *arrays.ROWS, *tables.ROWS))
PLAIN_TYPES = {row.kind for row in CODEC.rows} | {bool, str, type(None)}

zones = st.sampled_from([None, UTC, ZoneInfo("Europe/London"), ZoneInfo("Asia/Kolkata")])
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.complex_numbers(), st.text(),
    st.binary(max_size=40), st.dates(), st.datetimes(timezones=zones), st.times(),
    st.timedeltas(), st.decimals(), st.fractions(), st.uuids(),
    st.builds(range, st.integers(-9, 9), st.integers(-9, 9), st.integers(1, 4)),
    st.integers(-(2**62), 2**62).map(lambda n: pd.Timestamp(n)), st.just(pd.NA), st.just(pd.NaT),
)  # fmt: skip
hashables = st.one_of(st.integers(), st.text(), st.booleans(), st.dates())
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(hashables, inner, max_size=4),
        st.sets(hashables, max_size=4),
        st.frozensets(hashables, max_size=4),
    ),
    max_leaves=20,
)
dtypes = st.one_of(
    hnp.boolean_dtypes(), hnp.integer_dtypes(), hnp.unsigned_integer_dtypes(),
    hnp.floating_dtypes(), hnp.complex_number_dtypes(), hnp.datetime64_dtypes(max_period="ns"),
    hnp.timedelta64_dtypes(max_period="ns"), hnp.byte_string_dtypes(max_len=5),
    hnp.unicode_string_dtypes(max_len=5),
)  # fmt: skip
frames = hpd.data_frames(
    [
        hpd.column("n", dtype=int),
        hpd.column("x", dtype=float),
        hpd.column("t", elements=st.text(string.ascii_letters, max_size=4), dtype=object),
        hpd.column("d", dtype="datetime64[ns]"),
        hpd.column("b", dtype=bool),
    ]
)


def crossed(value: Any) -> Any:
    return CODEC.loads(CODEC.dumps(value))


def same(a: Any, b: Any) -> bool:
    """Tell whether two values have one exact type and say the same of themselves."""
    if type(a) is not type(b):
        return False
    if type(a) in (list, tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if type(a) is dict:
        return list(map(repr, a)) == list(map(repr, b)) and all(map(same, a.values(), b.values()))
    if type(a) is float and math.isnan(a):
        return math.isnan(b)
    return repr(a) == repr(b) or a == b


class TestRoundTrip:
    @settings(max_examples=400, deadline=None)
    @given(values)
    def test_pythons_own_values(self, value: Any) -> None:
        """They come back with their exact types."""
        assert same(value, crossed(value))

    @settings(max_examples=300, deadline=None)
    @given(dtypes.flatmap(lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_side=0))))
    def test_arrays(self, array: np.ndarray[Any, Any]) -> None:
        """dtype, shape and every value survive."""
        back = crossed(array)
        assert (array.dtype, array.shape) == (back.dtype, back.shape)
        np.testing.assert_array_equal(array, back)

    @settings(max_examples=100, deadline=None)
    @given(frames)
    def test_tables(self, frame: pd.DataFrame) -> None:
        """Columns, dtypes, index and values survive."""
        pd.testing.assert_frame_equal(frame, crossed(frame), check_exact=True)

    @pytest.mark.parametrize(
        "value",
        [
            pd.Series([1, None], dtype="Int64", name=("a", 1)),
            pd.Series([1.5, None], dtype="Float32"),
            pd.Series([True, None], dtype="boolean"),
            pd.Series(["a", None]),
            pd.Series(["a", None], dtype="string"),
            pd.Series(["a", None], dtype=object),
            pd.Series(pd.Categorical(["b", "a", None], ["b", "a"], ordered=True)),
            pd.Series(pd.date_range("2024-03-30", periods=3, tz="Europe/London")),
            pd.Series(pd.period_range("2024", periods=2, freq="Q")),
            pd.Series(pd.interval_range(0, 2)),
            pd.Series([{"a": [1]}, (1, 2), None]),
        ],
        ids=lambda series: str(series.dtype),
    )
    def test_every_kind_of_column(self, value: pd.Series) -> None:
        """As a Series, in a table, and as an index."""
        pd.testing.assert_series_equal(value, crossed(value))
        pd.testing.assert_frame_equal(value.to_frame("c"), crossed(value.to_frame("c")))

    @pytest.mark.parametrize(
        "index",
        [
            pd.RangeIndex(2, 9, 3, name="r"),
            pd.Index([1, 2], name="n"),
            pd.Index(["a", None]),
            pd.Index(["a"], dtype=object),
            pd.date_range("2024", periods=3, freq="MS", tz="Asia/Kolkata"),
            pd.timedelta_range("1h", periods=3),
            pd.period_range("2024", periods=3, freq="W-SUN"),
            pd.interval_range(0.0, 3.0, closed="left"),
            pd.CategoricalIndex(["b", "a"], ["b", "a"], ordered=True),
            pd.MultiIndex.from_product([[1, 2], ["a", None]], names=["x", None]),
        ],
        ids=lambda index: type(index).__name__,
    )
    def test_every_kind_of_index(self, index: pd.Index) -> None:
        """With its names, frequency, categories and zone."""
        back = crossed(index)
        pd.testing.assert_index_equal(index, back, exact=True)
        assert getattr(index, "freq", None) == getattr(back, "freq", None)

    def test_what_is_shared_stays_shared(self) -> None:
        """One list twice in a value is one list twice afterwards."""
        inner: list[int] = [1]
        first, second = crossed([inner, {"again": inner}])
        assert first is second["again"]


class TestRefusing:
    def test_a_value_that_contains_itself(self) -> None:
        """It is refused, not followed."""
        value: list[Any] = []
        value.append(value)
        with pytest.raises(Refused, match="contains itself"):
            CODEC.dumps(value)

    @pytest.mark.parametrize(
        "value", [object(), type("F", (float,), {})(1.0), type("D", (pd.DataFrame,), {})(), len]
    )
    def test_what_is_not_plain(self, value: object) -> None:
        """Subclasses of plain types, functions and other objects have no row."""
        with pytest.raises(Refused):
            CODEC.dumps(value)

    @pytest.mark.parametrize("caps", [Caps(size=100), Caps(depth=3), Caps(count=20)])
    def test_caps_hold_in_both_directions(self, caps: Caps) -> None:
        """Size, depth and count are bounded when writing and when reading."""
        value = [[[[list(range(50))]]]]
        small = Codec(CODEC.rows, caps=caps)
        for attempt in (lambda: small.dumps(value), lambda: small.loads(CODEC.dumps(value))):
            with pytest.raises(Refused):
                attempt()

    def test_a_small_frame_does_not_become_large(self) -> None:
        """A wide text dtype, a huge shape or a buffer named twice are refused."""
        head = b"gw1\n"
        for node in (
            b'[["array", ["dtype", "<U900000000"], ["tuple", 1], false, true, ["texts", ["a"]]], []]',
            b'[["array", ["dtype", "<f8"], ["tuple", 99999999999], false, true, ["bytes", 0]], [8]]'
            b"\0\0\0\0\0\0\0\0",
            b'[["list", ["bytes", 0], ["bytes", 0]], [1]]x',
        ):
            body = node.rstrip(b"\0x") if not node.endswith(b"]") else node
            with pytest.raises(Refused):
                CODEC.loads(head + len(body).to_bytes(4, "big") + node)


def spoilt(frame: bytes, data: st.DataObject) -> bytes:
    """Replace some bytes of a frame."""
    changed = bytearray(frame)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(changed) - 1))
        changed[place] = data.draw(st.integers(0, 255))
    return bytes(changed)


OF_ALL_KINDS = (
    [None, True, -1, 2**70, 1.5, 1j, "é", b"b", (1, 2), {1, 2}, frozenset({3}), range(3)],
    {"a": {"b": [1, 2, {"c": ()}]}, 2: math.nan},
    np.arange(12.0).reshape(3, 4),
    np.array(["a", None, 3], dtype=object),
    np.array(["2024-01-01"], dtype="datetime64[D]"),
    pd.Series([1, None], dtype="Int64", name="n"),
    pd.DataFrame({"t": ["x", "y"], "d": pd.to_datetime(["2024", "2025"]), "c": pd.Categorical(["a", "b"])}),
    pd.DataFrame({"x": [1.0, 2.0]}, index=pd.MultiIndex.from_product([[1], ["a", "b"]])),
    pd.Timestamp("2024-06-01", tz="Europe/London"),
)  # fmt: skip


def is_plain(value: Any) -> bool:
    if type(value) not in PLAIN_TYPES:
        pandas = pd.api.extensions.ExtensionArray | pd.api.extensions.ExtensionDtype
        return isinstance(value, np.ndarray | np.generic | np.dtype | pandas)
    if type(value) in (list, tuple, set, frozenset):
        return all(map(is_plain, value))
    return type(value) is not dict or all(map(is_plain, [*value, *value.values()]))


tags = st.sampled_from([*{row.tag for row in CODEC.rows}, "=", "pickled", "remote", "os.system"])
words = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 2**40), st.floats(allow_nan=False), st.text(max_size=5),
    st.sampled_from(["<f8", "<i8", "|O", "<U2", "<M8[ns]", "ns", "python", "D", "left", "UTC"]),
)  # fmt: skip
nodes = st.recursive(
    words,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.tuples(tags, st.lists(inner, max_size=5)).map(lambda pair: [pair[0], *pair[1]]),
    ),
    max_leaves=25,
)


def framed(node: Any, buffers: list[bytes]) -> bytes:
    """Give a well-formed frame of nonsense."""
    body = json.dumps([node, [len(b) for b in buffers]]).encode()
    return b"gw1\n" + len(body).to_bytes(4, "big") + body + b"".join(buffers)


class TestHostileBytes:
    def decode(self, frame: bytes) -> None:
        TRIED["frames given to the wire's decoder"] += 1
        try:
            value = CODEC.loads(frame)
        except Refused:
            return
        assert is_plain(value)

    @settings(max_examples=1500, deadline=None)
    @given(nodes, st.lists(st.binary(max_size=24), max_size=3))
    def test_any_nodes(self, node: Any, buffers: list[bytes]) -> None:
        """Well-formed frames of nonsense give a plain value or Refused."""
        self.decode(framed(node, buffers))

    @settings(max_examples=700, deadline=None)
    @given(values, st.data())
    def test_a_frame_with_bytes_changed(self, value: Any, data: st.DataObject) -> None:
        """A true frame with some bytes replaced gives a plain value or Refused."""
        self.decode(spoilt(CODEC.dumps(value), data))

    @settings(max_examples=500, deadline=None)
    @given(st.binary(max_size=200))
    def test_any_bytes(self, frame: bytes) -> None:
        """Random bytes are refused."""
        self.decode(frame)
        self.decode(b"gw1\n" + frame)

    @pytest.mark.sweep
    @pytest.mark.timeout(3600)
    @settings(max_examples=30_000, deadline=None)
    @given(nodes, st.lists(st.binary(max_size=24), max_size=3))
    def test_very_many_nodes(self, node: Any, buffers: list[bytes]) -> None:
        """The same, for long."""
        self.decode(framed(node, buffers))

    @pytest.mark.sweep
    @pytest.mark.timeout(3600)
    @pytest.mark.parametrize("seed", range(10))
    def test_very_many_bytes_changed(self, seed: int) -> None:
        """Frames of all kinds of values, with bytes replaced, cut out and put in, 10,000 from a seed."""
        chance = random.Random(seed)
        frames = [CODEC.dumps(value) for value in OF_ALL_KINDS]
        for _ in range(10_000):
            frame = bytearray(chance.choice(frames))
            for _ in range(chance.randint(1, 6)):
                place = chance.randrange(len(frame) + 1)
                new = chance.choice((chance.randbytes(1), chance.choice(frames)[4:24], b"]", b"9"))
                frame[place : place + chance.choice((0, 1, 1, 1, 8))] = new
            self.decode(bytes(frame))
