"""A machine that steps through a pickle and executes nothing that is in it.

Python's own unpickler looks names up and calls what it finds. This one builds plain values
(numbers, texts, tuples, lists, sets, dicts) and hands every name, every call and every object to
three functions of its user, who knows which few there may be. Nothing is hashed but texts and
numbers, nothing is compared or printed, and instructions that hand over the same value again and
again claim no more memory than a few times the file's size, so that nested, cyclic and oversized
values end in an error and not in a hang.
"""

import pickletools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

from ganzoo.errors import ImportedError

Plain: TypeAlias = Any
Kind = TypeVar("Kind")
STEPS = 1_000_000  # instructions: some seconds' worth
ROOM, TIMES = 2**20, 8  # bytes that calls may be given, and so many times the file's own
ENTRY = 64  # bytes that an entry of a list may become


@dataclass(frozen=True)
class Name:
    """A function or a class that a file names; it is not looked up."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


@dataclass(eq=False)
class Record:
    """An object in a file: its class's name, and what was in it."""

    kind: str
    state: Plain = None


@dataclass
class Machine:
    """One run through one file.

    Attributes:
        admit: passes a name, or raises ImportedError.
        make: what a function of that name gives for these arguments.
        create: an empty object of the class of that name.
    """

    admit: Callable[[Name], Name]
    make: Callable[[Name, tuple[Plain, ...]], Plain]
    create: Callable[[Name], Plain]
    stack: list[Plain] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)
    memo: dict[int, Plain] = field(default_factory=dict)
    room: int = ROOM

    def run(self, content: bytes) -> Plain:
        """What the file builds.

        Raises:
            ImportedError: at the first instruction, name or value that is not expected.
        """
        self.room = ROOM + TIMES * len(content)
        try:
            for step, (opcode, argument, _) in enumerate(pickletools.genops(content)):
                if step > STEPS:
                    raise ImportedError(f"more than {STEPS:,} instructions")
                if opcode.name == "STOP":
                    return self.stack.pop()
                self._step(opcode.name, argument)
        except KeyError as error:
            raise ImportedError(f"damaged: it takes up {error}, which it never laid down") from None
        except (LookupError, TypeError, ValueError, OverflowError) as error:
            raise ImportedError(f"damaged: {error}") from None
        raise ImportedError("damaged: it ends too early")

    def _step(self, name: str, argument: Plain) -> None:
        if name in LITERALS:
            self.stack.append(argument)
        elif name in CONSTANTS:
            self.stack.append(CONSTANTS[name]())
        elif name in ACTIONS:
            ACTIONS[name](self, argument)
        elif name not in IDLE:
            raise ImportedError(f"the instruction {name} has no place in it")

    # -- what an instruction does -------------------------------------------------------------

    def mark(self, _: Plain) -> None:
        self.marks.append(len(self.stack))

    def pop(self, _: Plain) -> None:
        self.stack.pop()

    def drop(self, _: Plain) -> None:
        self._above_mark()

    def double(self, _: Plain) -> None:
        self.stack.append(self.stack[-1])

    def remember(self, key: int | None) -> None:
        self.memo[len(self.memo) if key is None else key] = self.stack[-1]

    def recall(self, key: int) -> None:
        self.stack.append(self.memo[key])

    def wrap(self, _: Plain) -> None:
        self.stack.append(tuple(self._above_mark()))

    def wrap1(self, _: Plain) -> None:
        self.stack.append(self._topmost(1))

    def wrap2(self, _: Plain) -> None:
        self.stack.append(self._topmost(2))

    def wrap3(self, _: Plain) -> None:
        self.stack.append(self._topmost(3))

    def gather(self, _: Plain) -> None:
        self.stack.append(self._above_mark())

    def append(self, _: Plain) -> None:
        value = self.stack.pop()
        expect(list, self.stack[-1]).append(value)

    def extend(self, _: Plain) -> None:
        values = self._above_mark()
        expect(list, self.stack[-1]).extend(values)

    def put(self, _: Plain) -> None:
        key, value = self._topmost(2)
        fill(expect(dict, self.stack[-1]), (key, value))

    def put_many(self, _: Plain) -> None:
        pairs = self._above_mark()
        fill(expect(dict, self.stack[-1]), pairs)

    def pair_up(self, _: Plain) -> None:
        self.stack.append(fill({}, self._above_mark()))

    def unite(self, _: Plain) -> None:
        values = self._above_mark()
        expect(set, self.stack[-1]).update(map(hashable, values))

    def freeze(self, _: Plain) -> None:
        self.stack.append(frozenset(map(hashable, self._above_mark())))

    def name(self, argument: str | None) -> None:
        if argument is None:  # on the stack
            module, name = self._topmost(2)
        else:
            module, _, name = argument.partition(" ")
        self.stack.append(self.admit(Name(expect(str, module), expect(str, name))))

    def call(self, _: Plain) -> None:
        called, arguments = self._topmost(2)
        self.room -= sum(map(_bytes, expect(tuple, arguments)))
        if self.room < 0:
            raise ImportedError("it makes more of its values than it holds")
        self.stack.append(self.make(expect(Name, called), arguments))

    def found(self, _: Plain) -> None:
        kind, arguments = self._topmost(2)
        if expect(tuple, arguments):
            raise ImportedError(f"a {expect(Name, kind)} is made of something")
        self.stack.append(self.create(expect(Name, kind)))

    def endow(self, _: Plain) -> None:
        state, owner = self.stack.pop(), self.stack[-1]
        if isinstance(owner, Record) and owner.state is None:
            owner.state = state
        elif not (isinstance(owner, dict) and state == {}):
            raise ImportedError(f"a {type(owner).__name__} is given a state")

    # -- inside -------------------------------------------------------------------------------

    def _above_mark(self) -> list[Plain]:
        start = self.marks.pop()
        above = self.stack[start:]
        del self.stack[start:]
        return above

    def _topmost(self, count: int) -> tuple[Plain, ...]:
        start = len(self.stack) - count
        if start < (self.marks[-1] if self.marks else 0):
            raise ImportedError("damaged: values are missing")
        parts = tuple(self.stack[start:])
        del self.stack[start:]
        return parts


def _bytes(value: Plain) -> int:
    """What a call may make of a value."""
    if isinstance(value, str | bytes):
        return len(value)
    return ENTRY * len(value) if isinstance(value, list | dict) else 0


def expect(kind: type[Kind], value: Plain) -> Kind:
    """The value, if it is of that kind.

    Raises:
        ImportedError: if not.
    """
    if type(value) is not kind:
        raise ImportedError(f"a {kind.__name__} was expected, not a {type(value).__name__}")
    return value


def hashable(value: Plain) -> str | int:
    """A text or a number: of other values the hash may take for ever."""
    if type(value) not in (str, int):
        raise ImportedError(f"a {type(value).__name__} stands where a text was expected")
    return value


def fill(owner: dict[Plain, Plain], flat: Sequence[Plain]) -> dict[Plain, Plain]:
    """Puts keys and values, one after the other, into a dict."""
    if len(flat) % 2:
        raise ImportedError("damaged: a key without a value")
    owner.update(zip(map(hashable, flat[::2]), flat[1::2], strict=True))
    return owner


CONSTANTS: dict[str, Callable[[], Plain]] = {
    "NONE": lambda: None,
    "NEWTRUE": lambda: True,
    "NEWFALSE": lambda: False,
    "EMPTY_LIST": list,
    "EMPTY_TUPLE": tuple,
    "EMPTY_DICT": dict,
    "EMPTY_SET": set,
}
LITERALS = frozenset({
    "INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT",
    "BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8", "UNICODE", "BINUNICODE",
    "SHORT_BINUNICODE", "BINUNICODE8",
})  # fmt: skip
IDLE = frozenset({"PROTO", "FRAME"})
ACTIONS: dict[str, Callable[[Machine, Plain], None]] = {
    "MARK": Machine.mark, "POP": Machine.pop, "POP_MARK": Machine.drop, "DUP": Machine.double,
    "PUT": Machine.remember, "BINPUT": Machine.remember, "LONG_BINPUT": Machine.remember,
    "MEMOIZE": Machine.remember,
    "GET": Machine.recall, "BINGET": Machine.recall, "LONG_BINGET": Machine.recall,
    "TUPLE": Machine.wrap, "TUPLE1": Machine.wrap1, "TUPLE2": Machine.wrap2,
    "TUPLE3": Machine.wrap3,
    "LIST": Machine.gather, "APPEND": Machine.append, "APPENDS": Machine.extend,
    "DICT": Machine.pair_up, "SETITEM": Machine.put, "SETITEMS": Machine.put_many,
    "ADDITEMS": Machine.unite, "FROZENSET": Machine.freeze,
    "GLOBAL": Machine.name, "STACK_GLOBAL": Machine.name,
    "REDUCE": Machine.call, "NEWOBJ": Machine.found, "BUILD": Machine.endow,
}  # fmt: skip
