"""Compiles syntax trees to Python closures, once; evaluating them never raises."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeAlias

from domain.durations import parse_duration
from domain.expressions import operations
from domain.expressions.ast import Ast, ExpressionError
from domain.expressions.builtins import standard_functions
from domain.expressions.functions import Function, Functions
from domain.local_time import zone_named


class Readable(Protocol):
    """What values are read from: `get(name)` gives the value, or None."""

    def get(self, name: str, /) -> Any: ...


Compiled: TypeAlias = Callable[[Readable], Any]

MAX_STEPS = 20_000  # of all list macros nested in one another, so that nobody's lists stop the desk


class _OutOfSteps(Exception):
    """The macros of an expression looked at too many elements; it is null."""


class _Local:
    """A scope with the variable of a list macro; `steps` counts down over nested macros."""

    __slots__ = ("name", "outer", "steps", "value")

    def __init__(self, outer: Any, name: str) -> None:
        self.outer = outer
        self.name = name
        self.value: Any = None
        self.steps: list[int] = outer.steps if isinstance(outer, _Local) else [MAX_STEPS]

    def get(self, name: str) -> Any:
        return self.value if name == self.name else self.outer.get(name)

    def spend(self, steps: int) -> None:
        self.steps[0] -= steps
        if self.steps[0] < 0:
            raise _OutOfSteps


def compile_expression(ast: Ast, functions: Functions | None = None) -> Compiled:
    """A function from a scope to the value of the expression.

    Raises ExpressionError when it calls what the registry does not have, or with too many or few arguments
    (the checker finds both first). The function it returns never raises.
    """
    return _Compiler(functions or standard_functions()).compile(ast)


def compile_condition(ast: Ast, functions: Functions | None = None) -> Callable[[Readable], bool]:
    """A function from a scope to whether the expression is exactly true; null is false."""
    value = compile_expression(ast, functions)
    return lambda scope: value(scope) is True


class _Compiler:
    def __init__(self, functions: Functions) -> None:
        self._functions = functions
        self._zone = zone_named(functions.zone)

    def compile(self, ast: Ast) -> Compiled:
        work: Callable[[Ast], Compiled] = getattr(self, f"_{ast[0]}")
        return work(ast)

    # ---- values

    def _literal(self, ast: Ast) -> Compiled:
        value = ast[2]
        return lambda scope: value

    def _duration(self, ast: Ast) -> Compiled:
        value = parse_duration(ast[2])
        return lambda scope: value

    def _name(self, ast: Ast) -> Compiled:
        name = ast[2]
        return lambda scope: scope.get(name)

    def _member(self, ast: Ast) -> Compiled:
        name = ast[3]
        if ast[2][0] == "name":  # by far the most frequent: ticket.x
            root = ast[2][2]

            def read(scope: Readable) -> Any:
                value = scope.get(root)
                return value.get(name) if hasattr(value, "get") else None

            return read
        inner = self.compile(ast[2])

        def read_inner(scope: Readable) -> Any:
            value = inner(scope)
            return value.get(name) if hasattr(value, "get") else None

        return read_inner

    def _index(self, ast: Ast) -> Compiled:
        value, key = self.compile(ast[2]), self.compile(ast[3])
        return lambda scope: operations.index(value(scope), key(scope))

    def _list(self, ast: Ast) -> Compiled:
        elements = [self.compile(element) for element in ast[2]]
        return lambda scope: [element(scope) for element in elements]

    # ---- logic

    def _not(self, ast: Ast) -> Compiled:
        operand = self.compile(ast[2])
        return lambda scope: operand(scope) is not True

    def _and(self, ast: Ast) -> Compiled:
        operands = [self.compile(operand) for operand in ast[2]]
        if len(operands) == 2:
            first, second = operands
            return lambda scope: first(scope) is True and second(scope) is True

        def every(scope: Readable) -> bool:
            for operand in operands:
                if operand(scope) is not True:
                    return False
            return True

        return every

    def _or(self, ast: Ast) -> Compiled:
        operands = [self.compile(operand) for operand in ast[2]]
        if len(operands) == 2:
            first, second = operands
            return lambda scope: first(scope) is True or second(scope) is True

        def some(scope: Readable) -> bool:
            for operand in operands:
                if operand(scope) is True:
                    return True
            return False

        return some

    def _if(self, ast: Ast) -> Compiled:
        condition, then, otherwise = (self.compile(part) for part in ast[2:5])
        return lambda scope: then(scope) if condition(scope) is True else otherwise(scope)

    def _coalesce(self, ast: Ast) -> Compiled:
        left, right = self.compile(ast[2]), self.compile(ast[3])

        def first_present(scope: Readable) -> Any:
            value = left(scope)
            return right(scope) if value is None else value

        return first_present

    # ---- comparisons

    def _compare(self, ast: Ast) -> Compiled:
        operator, left, right = ast[2], self.compile(ast[3]), self.compile(ast[4])
        if operator == "in":
            return self._in(left, right, ast[4])
        if operator in ("==", "!="):
            return self._equality(left, right, ast[4], negated=operator == "!=")
        if operator in (">", ">="):
            left, right = right, left
        compare = operations.less if operator in ("<", ">") else operations.less_or_equal
        return lambda scope: compare(left(scope), right(scope))

    def _equality(self, left: Compiled, right: Compiled, right_ast: Ast, *, negated: bool) -> Compiled:
        constant = right_ast[2] if right_ast[0] == "literal" else ...
        if constant is None:
            return (lambda scope: left(scope) is not None) if negated else (lambda scope: left(scope) is None)
        if isinstance(constant, str):
            if negated:
                return lambda scope: (left(scope) == constant) is not True
            return lambda scope: (left(scope) == constant) is True
        equal = operations.equal
        if negated:
            return lambda scope: not equal(left(scope), right(scope))
        return lambda scope: equal(left(scope), right(scope))

    def _in(self, left: Compiled, right: Compiled, right_ast: Ast) -> Compiled:
        contains = operations.contains
        if right_ast[0] == "list" and all(
            element[0] == "literal" and isinstance(element[2], str) for element in right_ast[2]
        ):
            texts = frozenset(element[2] for element in right_ast[2])
            as_list = list(texts)

            def among(scope: Readable) -> bool:
                value = left(scope)
                return value in texts if isinstance(value, str) else contains(value, as_list)

            return among
        return lambda scope: contains(left(scope), right(scope))

    # ---- arithmetic

    def _arithmetic(self, ast: Ast) -> Compiled:
        operator, left, right = ast[2], self.compile(ast[3]), self.compile(ast[4])
        zone = self._zone
        if operator in "+-":
            shift = operations.add if operator == "+" else operations.subtract
            return lambda scope: shift(left(scope), right(scope), zone)
        works = {"*": operations.multiply, "/": operations.divide, "%": operations.remainder}
        work = works[operator]
        return lambda scope: work(left(scope), right(scope))

    def _negate(self, ast: Ast) -> Compiled:
        operand = self.compile(ast[2])
        return lambda scope: operations.negate(operand(scope))

    # ---- calls

    def _call(self, ast: Ast) -> Compiled:
        return self._invoke(self._functions.functions.get(ast[2]), ast[2], ast[3], ast[1])

    def _method(self, ast: Ast) -> Compiled:
        return self._invoke(self._functions.methods.get(ast[3]), ast[3], (ast[2], *ast[4]), ast[1])

    def _invoke(self, function: Function | None, name: str, given: tuple[Ast, ...], at: int) -> Compiled:
        if function is None:
            raise ExpressionError(f"unknown function {name}()", at)
        if not function.takes(len(given)):
            raise ExpressionError(f"{name}() does not take so many arguments", at)
        call, arguments = function.call, [self.compile(argument) for argument in given]
        if function.needs_scope:
            return lambda scope: call(scope, *[argument(scope) for argument in arguments])
        if len(arguments) == 1:
            only = arguments[0]
            return lambda scope: call(only(scope))
        return lambda scope: call(*[argument(scope) for argument in arguments])

    def _macro(self, ast: Ast) -> Compiled:
        source, name, variable, body = self.compile(ast[2]), ast[3], ast[4], self.compile(ast[5])
        loop = _LOOPS[name]

        def run(scope: Readable) -> Any:
            elements = source(scope)
            if not isinstance(elements, (list, tuple)):
                return None
            local = _Local(scope, variable)
            if isinstance(scope, _Local):
                return loop(elements, local, body)
            try:
                return loop(elements, local, body)
            except _OutOfSteps:
                return None

        return run


def _exists(elements: Any, local: _Local, body: Compiled) -> bool:
    for local.value in elements:
        local.spend(1)
        if body(local) is True:
            return True
    return False


def _all(elements: Any, local: _Local, body: Compiled) -> bool:
    for local.value in elements:
        local.spend(1)
        if body(local) is not True:
            return False
    return True


def _filter(elements: Any, local: _Local, body: Compiled) -> list[Any]:
    kept = []
    for element in elements:
        local.value = element
        local.spend(1)
        if body(local) is True:
            kept.append(element)
    return kept


def _map(elements: Any, local: _Local, body: Compiled) -> list[Any]:
    results = []
    for local.value in elements:
        result = body(local)
        # What is kept counts as well: lists of lists of lists would fill the memory.
        local.spend(1 + len(result) // 8 if isinstance(result, (str, list)) else 1)
        results.append(result)
    return results


_LOOPS = {"exists": _exists, "all": _all, "filter": _filter, "map": _map}
