"""Renders checked expressions to strict CEL, so that another implementation can judge what ours answers.

CEL stops at null, ours does not (language guide, "Nothing is an answer too"); so every rendering asks first
whether what it reads is there. The value of a rendering is ours, with these readings: a number is a double, a
date the timestamp of its midnight in UTC, a time of day the duration since midnight.

What differs, since CEL has no way to say it: beyond 2^53 numbers are less exact, and out of range they are
infinite or an error instead of null; a day added to a moment is 24 hours in every zone; nothing limits the
length of texts and lists. What CEL has no word for is refused, see NotInCel.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from domain.durations import parse_duration
from domain.expressions.ast import Ast, ExpressionError, children
from domain.expressions.builtins import standard_functions
from domain.expressions.cel_pieces import (
    AT_MIDNIGHT,
    DAY_OF,
    NO_TIME,
    NULL,
    PARTS,
    SUNDAY_FIRST,
    Piece,
    bindings,
    bracketed,
    constant,
    is_short,
    nothing,
    outermost,
)
from domain.expressions.checker import check
from domain.expressions.types import ANY, Scope, Type

_RESERVED = frozenset(
    ["as", "break", "const", "continue", "else", "false", "for", "function", "if", "import", "in", "let", "loop",
     "namespace", "null", "package", "return", "true", "var", "void", "while"]
)  # fmt: skip


class NotInCel(ExpressionError):
    """Standard CEL has no way to say this part of an expression."""


def to_cel(ast: Ast, scope: Scope) -> str:
    """An expression that the checker accepts, in CEL that gives the same value.

    The names of the scope are variables of CEL's type dyn. Raises NotInCel for what standard CEL does not
    have: sums, `lower upper trim join add_months`, calendars, products and quotients of durations, and
    operators on values of unknown type.
    """
    return outermost(_Renderer(ast, scope).piece(ast).closed())


class _Renderer:
    def __init__(self, ast: Ast, scope: Scope) -> None:
        self._names = dict(scope.names)
        self._functions = scope.functions or standard_functions()
        self._taken = {*self._names, *_variables(ast)}

    def piece(self, ast: Ast) -> Piece:
        work: Callable[[Ast], Piece] = getattr(self, f"_{ast[0]}")
        return work(ast)

    def _type(self, ast: Ast) -> Type:
        return check(ast, Scope(self._names, self._functions))[0]

    # ---- putting pieces together

    def _bind(self, text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
        """A short name for a long text, and the binding it needs."""
        if is_short(text):
            return text, ()
        name = self._fresh()
        return name, ((name, text),)

    def _fresh(self) -> str:
        """A name that nothing has yet."""
        number = 1
        while f"_{number}" in self._taken:
            number += 1
        self._taken.add(f"_{number}")
        return f"_{number}"

    def _short(self, piece: Piece) -> Piece:
        """The same piece with a value that may be written twice."""
        if not piece.guards:
            name, bound = self._bind(piece.value)
            return replace(piece, value=name, bound=piece.bound + bound)
        if is_short(piece.value):
            return piece
        return self._maybe(replace(piece, bound=()).closed(), piece.type, piece.bound)

    def _maybe(self, text: str, found: Type, bound: tuple[tuple[str, str], ...] = ()) -> Piece:
        """A value of which only CEL will know whether it is null."""
        name, more = self._bind(text)
        return Piece(name, found, (f"{name} != null",), bound + more)

    def _all(
        self,
        pieces: Sequence[Piece],
        value: str,
        found: Type,
        *more: str,
    ) -> Piece:
        """A value that is null where one of the pieces is, or one of the guards does not hold."""
        guards = dict.fromkeys([guard for piece in pieces for guard in piece.guards] + list(more))
        if "false" in guards:
            return nothing(found)
        return Piece(value, found, tuple(guards), bindings(pieces))

    def _read(self, owner: Piece, raw: str, found: Type, *guards: str) -> Piece:
        """What a place holds: nothing, or a value; whole numbers become doubles."""
        value = f"double({raw})" if found.kind == "number" else raw
        return self._all([owner], value, found, *guards, f"{raw} != null")

    # ---- values

    def _literal(self, ast: Ast) -> Piece:
        value, found = ast[2], self._type(ast)
        if value is None:
            return nothing(found)
        return Piece(constant(value), found)

    def _duration(self, ast: Ast) -> Piece:
        return Piece(constant(parse_duration(ast[2])), self._type(ast))

    def _name(self, ast: Ast) -> Piece:
        return self._read(Piece("", ANY), ast[2], self._type(ast))

    def _member(self, ast: Ast) -> Piece:
        return self._member_of(self.piece(ast[2]), ast[3], self._type(ast))

    def _member_of(self, owner: Piece, name: str, found: Type) -> Piece:
        owner = self._short(owner)
        is_map = [f"type({owner.value}) == map"] if owner.type.kind != "object" else []
        if name in _RESERVED or not name.isidentifier() or not name.isascii():
            key = constant(name)
            return self._read(owner, f"{owner.value}[{key}]", found, *is_map, f"{key} in {owner.value}")
        return self._read(owner, f"{owner.value}.{name}", found, *is_map, f"has({owner.value}.{name})")

    def _index(self, ast: Ast) -> Piece:
        owner, key, found = self._short(self.piece(ast[2])), self._short(self.piece(ast[3])), self._type(ast)
        if owner.type.kind == "object" and key.type.kind in ("text", "choice"):
            if ast[3][0] == "literal":
                return self._member_of(owner, ast[3][2], found)
            both = self._all([owner, key], "", ANY)
            return self._read(both, f"{owner.value}[{key.value}]", found, f"{key.value} in {owner.value}")
        if owner.type.kind != "list" or key.type.kind != "number":
            raise NotInCel(
                "CEL must know what is asked here: a list by position, or an object by name", ast[1]
            )
        at, size = key.value, f"double(size({owner.value}))"
        guards = [f"{at} < {size}"]
        if ast[3][0] != "literal":
            guards += [f"{at} >= 0.0", f"double(int({at})) == {at}"]
        elif ast[3][2] < 0 or ast[3][2] != int(ast[3][2]):
            return nothing(found)
        return self._read(self._all([owner, key], "", ANY), f"{owner.value}[int({at})]", found, *guards)

    def _list(self, ast: Ast) -> Piece:
        pieces = [self.piece(element) for element in ast[2]]
        texts = [outermost(replace(piece, bound=()).closed()) for piece in pieces]
        elements = ", ".join(f"dyn({text})" for text in texts)
        return Piece(f"[{elements}]", self._type(ast), (), bindings(pieces))

    # ---- logic

    def _condition(self, ast: Ast) -> str:
        piece = self.piece(ast)
        if piece.type.kind not in ("boolean", "null"):
            piece = self._all([piece], f"({piece.value} == true)", piece.type)
        return piece.condition()

    def _not(self, ast: Ast) -> Piece:
        return Piece(f"!{bracketed(self._condition(ast[2]))}", self._type(ast))

    def _and(self, ast: Ast) -> Piece:
        parts = (bracketed(self._condition(operand)) for operand in ast[2])
        return Piece(f"({(' && ' if ast[0] == 'and' else ' || ').join(parts)})", self._type(ast))

    _or = _and

    def _if(self, ast: Ast) -> Piece:
        condition, then, otherwise = self._condition(ast[2]), self.piece(ast[3]), self.piece(ast[4])
        return self._either(bracketed(condition), then, otherwise, self._type(ast))

    def _coalesce(self, ast: Ast) -> Piece:
        left, right = self.piece(ast[2]), self.piece(ast[3])
        if not left.guards:
            return left
        present = f"({' && '.join(left.guards)})"
        whole = self._either(present, replace(left, guards=(), bound=()), right, self._type(ast))
        return replace(whole, bound=tuple(dict.fromkeys(left.bound + whole.bound)))

    def _either(self, condition: str, then: Piece, otherwise: Piece, found: Type) -> Piece:
        branches = [f"dyn({outermost(piece.closed())})" for piece in (then, otherwise)]
        text = f"({condition} ? {branches[0]} : {branches[1]})"
        if then.guards or otherwise.guards:
            return self._maybe(text, found)
        return Piece(text, found)

    # ---- comparisons

    def _compare(self, ast: Ast) -> Piece:
        operator, left, right = ast[2], self.piece(ast[3]), self.piece(ast[4])
        found = self._type(ast)
        if operator == "in":
            return self._in(ast[4][1], left, right, found)
        if operator in ("==", "!="):
            for one, other in ((left, right), (right, left)):
                if other.value == NULL:
                    present = replace(one, value="true").condition()
                    return Piece(present if operator == "!=" else f"!{bracketed(present)}", found)
            text = self._equal(left, right)
            return Piece(f"!{bracketed(text)}" if operator == "!=" else text, found)
        self._known(ast, left, right)
        return Piece(
            self._all([left, right], f"({left.value} {operator} {right.value})", found).condition(), found
        )

    def _equal(self, left: Piece, right: Piece) -> str:
        text = f"({_loose(left)} == {_loose(right)})"
        if not left.guards or not right.guards:
            return self._all([left, right], text, ANY).condition()
        return f"({left.closed()} == {right.closed()})"

    def _in(self, at: int, left: Piece, right: Piece, found: Type) -> Piece:
        if right.type.kind not in ("list", "null"):
            raise NotInCel("CEL must know that this is a list", at)
        text = f"(dyn({outermost(left.closed())}) in {right.value})"
        return Piece(self._all([right], text, ANY).condition(), found)

    def _known(self, ast: Ast, *pieces: Piece) -> None:
        if any(piece.type.kind == "any" for piece in pieces):
            raise NotInCel(f"CEL must know of what kind both sides of {ast[2]} are", ast[1])

    # ---- arithmetic

    def _arithmetic(self, ast: Ast) -> Piece:
        operator, left, right = ast[2], self.piece(ast[3]), self.piece(ast[4])
        self._known(ast, left, right)
        found = self._type(ast)
        kinds = {left.type.kind, right.type.kind}
        if "null" in kinds:
            return nothing(found)
        if operator in "*/%" and kinds != {"number"}:
            raise NotInCel("CEL neither multiplies nor divides durations", ast[1])
        if operator in "/%":
            left, right = self._short(left), self._short(right)
            quotient = f"({left.value} / {right.value})"
            if operator == "%":  # CEL's own is for whole numbers only
                quotient = f"({left.value} - {right.value} * double(int({left.value} / {right.value})))"
            return self._all([left, right], quotient, found, f"{right.value} != 0.0")
        if left.type.kind == "duration" and found.kind in ("date", "datetime"):
            left, right = right, left
        value = f"({left.value} {operator} {right.value})"
        if found.kind != "number":  # of two values of type dyn CEL guesses the sum to be a whole number
            value = f"dyn({outermost(value)})"
        if found.kind == "date":
            moved = self._short(self._all([left, right], value, found))
            return self._all([moved], moved.value, found, AT_MIDNIGHT.format(moved.value))
        return self._all([left, right], value, found)

    def _negate(self, ast: Ast) -> Piece:
        operand = self.piece(ast[2])
        self._known(("", ast[1], "-"), operand)
        return self._all([operand], _negative(operand), operand.type)

    # ---- calls

    def _call(self, ast: Ast) -> Piece:
        work = getattr(self, f"_call_{ast[2]}", None)
        if work is None and ast[2] in PARTS:
            return self._part(ast)
        if work is None:
            raise NotInCel(f"standard CEL has nothing like {ast[2]}()", ast[1])
        piece: Piece = work(ast, *map(self.piece, ast[3]))
        return piece

    def _method(self, ast: Ast) -> Piece:
        name, found = ast[3], self._type(ast)
        owner, *arguments = (self.piece(part) for part in (ast[2], *ast[4]))
        if name == "size":
            return self._all([owner], f"double(size({outermost(owner.value)}))", found)
        if name not in ("contains", "startsWith", "endsWith"):
            raise NotInCel(f"standard CEL has nothing like .{name}()", ast[1])
        texts = ", ".join(outermost(argument.value) for argument in arguments)
        return self._all([owner, *arguments], f"{bracketed(owner.value)}.{name}({texts})", found)

    def _call_size(self, ast: Ast, value: Piece) -> Piece:
        return self._all([value], f"double(size({outermost(value.value)}))", self._type(ast))

    def _call_abs(self, ast: Ast, value: Piece) -> Piece:
        return _absolute(self, self._short(value))

    def _call_round(self, ast: Ast, value: Piece, digits: Piece | None = None) -> Piece:
        value, scale = self._short(value), ""
        if digits is not None:
            if ast[3][1][0] != "literal" or not 0 <= ast[3][1][2] <= 9:
                raise NotInCel("the number of digits must be written as a number for CEL", ast[1])
            scale = f"{10 ** ast[3][1][2]}.0"
        size = _absolute(self, value).value
        whole = f"double(int({size}{f' * {scale}' if scale else ''} + 0.5)){f' / {scale}' if scale else ''}"
        return self._all([value], f"({value.value} < 0.0 ? -({whole}) : {whole})", value.type)

    def _call_min(self, ast: Ast, *values: Piece) -> Piece:
        order, found = "<" if ast[2] == "min" else ">", self._type(ast)
        if len(values) == 1:
            elements, one, other = self._short(values[0]), self._fresh(), self._fresh()
            texts = elements.value
            best = f"{texts}.filter({one}, {texts}.all({other}, {one} {order}= {other}))[0]"
            best = f"double({best})" if found.kind == "number" else best
            present = f"{texts}.all({one}, {one} != null)"
            return self._all([elements], best, found, f"size({texts}) > 0", present)
        best_piece = self._short(values[0])
        for value in map(self._short, values[1:]):
            chosen = f"({value.value} {order} {best_piece.value} ? {value.value} : {best_piece.value})"
            best_piece = self._short(self._all([best_piece, value], chosen, found))
        return best_piece

    _call_max = _call_min

    def _call_date(self, ast: Ast, *values: Piece) -> Piece:
        if values[0].type.kind == "datetime":
            moment = self._short(values[0])
            return self._all(
                [moment], DAY_OF.format(moment.value, f'"{self._functions.zone}"'), self._type(ast)
            )
        return values[0] if values[0].type.kind == "date" else self._written(ast)

    def _call_datetime(self, ast: Ast, *values: Piece) -> Piece:
        return values[0] if values[0].type.kind == "datetime" else self._written(ast)

    def _call_time(self, ast: Ast, value: Piece) -> Piece:
        return value if value.type.kind == "time" else self._written(ast)

    def _call_duration(self, ast: Ast, value: Piece) -> Piece:
        return self._written(ast)

    def _written(self, ast: Ast) -> Piece:
        """A function of constants: the constant that it gives."""
        if any(argument[0] != "literal" for argument in ast[3]):
            raise NotInCel(f"standard CEL has nothing like {ast[2]}() of a value", ast[1])
        value = self._functions.functions[ast[2]].call(*(argument[2] for argument in ast[3]))
        found = self._type(ast)
        return nothing(found) if value is None else Piece(constant(value), found)

    def _call_weekday(self, ast: Ast, value: Piece) -> Piece:
        text = f"[{SUNDAY_FIRST}][{value.value}.getDayOfWeek({self._zone(value)})]"
        return self._all([value], text, self._type(ast))

    def _part(self, ast: Ast) -> Piece:
        value = self.piece(ast[3][0])
        part = PARTS[ast[2]].format(self._zone(value))
        return self._all([value], f"double({value.value}.{part})", self._type(ast))

    def _zone(self, value: Piece) -> str:
        return f'"{self._functions.zone}"' if value.type.kind == "datetime" else ""

    def _macro(self, ast: Ast) -> Piece:
        _, at, _, name, variable, body = ast
        owner = self.piece(ast[2])
        if owner.type.kind != "list":
            raise NotInCel("CEL must know that this is a list", at)
        found, before = self._type(ast), self._names
        self._names = {**before, variable: owner.type.item or ANY}
        asked = f"dyn({outermost(self.piece(body).closed())})" if name == "map" else self._condition(body)
        self._names = before
        if variable in _RESERVED:
            raise NotInCel(f'"{variable}" is a word of CEL: call the element by another name', at)
        return self._all([owner], f"{owner.value}.{name}({variable}, {outermost(asked)})", found)


def _absolute(renderer: _Renderer, value: Piece) -> Piece:
    zero = "0.0" if value.type.kind == "number" else NO_TIME
    text = f"({value.value} < {zero} ? {_negative(value)} : {value.value})"
    return replace(value, value=text)


def _negative(value: Piece) -> str:
    return f"(-{value.value})" if value.type.kind == "number" else f"({NO_TIME} - {value.value})"


def _loose(piece: Piece) -> str:
    """The value, in CEL's type dyn where CEL would not compare it with one from a variable."""
    return (
        piece.value if piece.type.kind in ("number", "text", "choice", "boolean") else f"dyn({piece.value})"
    )


def _variables(ast: Ast) -> Iterator[str]:
    """Every name that a macro gives to an element."""
    if ast[0] == "macro":
        yield ast[4]
    for part in children(ast):
        yield from _variables(part)
