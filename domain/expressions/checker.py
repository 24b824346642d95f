"""Checks expressions against the types of their scope: every mistake at once, with what to write instead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from domain.durations import parse_duration
from domain.expressions.ast import MACROS, Ast
from domain.expressions.builtins import standard_functions
from domain.expressions.functions import Form, Function
from domain.expressions.messages import did_you_mean, hint_for, is_what, name_of, not_an_option, start_of
from domain.expressions.types import (
    ANY,
    BOOLEAN,
    DURATION,
    NULL,
    NUMBER,
    Finding,
    Scope,
    Type,
    accepts,
    arithmetic_result,
    joined,
    list_of,
)

_ORDERED = ("number", "text", "datetime", "date", "time", "duration")
_SLIPS = {"None": "null", "none": "null", "nil": "null", "NULL": "null", "undefined": "null", "yes": "true",
          "True": "true", "TRUE": "true", "no": "false", "False": "false", "FALSE": "false"}  # fmt: skip


def check(ast: Ast, scope: Scope) -> tuple[Type, list[Finding]]:
    """The type of an expression and every mistake in it, in the order of the text."""
    checker = _Checker(scope)
    found = checker.type_of(ast)
    return found, sorted(checker.findings, key=lambda finding: finding.offset)


def check_condition(ast: Ast, scope: Scope) -> list[Finding]:
    """Every mistake in an expression that must be true or false."""
    checker = _Checker(scope)
    checker.condition(ast)
    return sorted(checker.findings, key=lambda finding: finding.offset)


class _Checker:
    def __init__(self, scope: Scope) -> None:
        self.findings: list[Finding] = []
        self._names = dict(scope.names)
        self._functions = scope.functions or standard_functions()

    def type_of(self, ast: Ast) -> Type:
        work: Callable[[Ast], Type] = getattr(self, f"_{ast[0]}")
        return work(ast)

    def condition(self, ast: Ast) -> Type:
        """Checks that a value is true or false, or null, which counts as false."""
        given = self.type_of(ast)
        if given.kind not in ("boolean", "any", "null"):
            name = name_of(ast)
            hint = {
                "number": f"compare it, such as {name} > 0",
                "list": f"ask size({name}) > 0",
            }.get(given.kind, f"compare it, such as {name} != null")
            self._find(start_of(ast), f"{name} is {given.words}, not true or false: {hint}")
        return BOOLEAN

    def _find(self, offset: int, message: str) -> None:
        self.findings.append(Finding(offset, message))

    # ---- values

    def _literal(self, ast: Ast) -> Type:
        value = ast[2]
        if value is None:
            return NULL
        if isinstance(value, bool):
            return BOOLEAN
        return Type("text", options=(value,)) if isinstance(value, str) else NUMBER

    def _duration(self, ast: Ast) -> Type:
        return DURATION

    def _name(self, ast: Ast) -> Type:
        name = ast[2]
        if name in self._names:
            return self._names[name]
        if name in _SLIPS:
            self._find(ast[1], f'unknown name "{name}": write {_SLIPS[name]}')
        elif name in self._functions.functions:
            self._find(ast[1], f"{name} is a function: write {name}(…)")
        else:
            self._find(ast[1], f'unknown name "{name}"{self._meant(name)}')
        return ANY

    def _meant(self, name: str) -> str:
        if name in (self._names.get("ticket", ANY).all_members() or {}):
            return f": write ticket.{name}"
        known = f': known are {", ".join(sorted(self._names))}; text is written in quotes, as "{name}"'
        return did_you_mean(name, self._names) or known

    def _member(self, ast: Ast) -> Type:
        return self._member_of(self.type_of(ast[2]), ast[2], ast[3], ast[1])

    def _member_of(self, owner: Type, owner_ast: Ast, name: str, at: int) -> Type:
        if owner.kind in ("any", "null"):
            return ANY
        owner_name = name_of(owner_ast)
        if owner.kind != "object":
            hint = (
                f": ask {owner_name}.exists(x, …) or {owner_name}.map(x, x.{name})"
                if owner.kind == "list"
                else ""
            )
            if owner.kind == "text" and name in self._functions.methods:
                hint = f": write .{name}(…)"
            self._find(at, f'{owner_name} is {owner.words} and has no "{name}"{hint}')
            return ANY
        members = owner.all_members()
        if members is None:
            return ANY
        if name not in members:
            hint = did_you_mean(name, members)
            if not hint and len(members) <= 12:
                hint = f": known are {', '.join(sorted(members))}"
            self._find(at, f'{owner_name} has no "{name}"{hint}')
            return ANY
        return members[name]

    def _index(self, ast: Ast) -> Type:
        owner, key = self.type_of(ast[2]), self.type_of(ast[3])
        if owner.kind == "list":
            if key.kind not in ("number", "any"):
                self._find(start_of(ast[3]), f"a list is asked by position, such as [0], not by {key.words}")
            return owner.item or ANY
        if owner.kind == "object" and ast[3][0] == "literal" and isinstance(ast[3][2], str):
            return self._member_of(owner, ast[2], ast[3][2], ast[3][1])
        if owner.kind not in ("object", "any", "null"):
            self._find(ast[1], f"{name_of(ast[2])} is {owner.words}: only lists and objects have [ ]")
        elif owner.kind == "object" and key.kind not in ("text", "choice", "any"):
            self._find(start_of(ast[3]), f"{name_of(ast[2])} is asked by name, not by {key.words}")
        return ANY

    def _list(self, ast: Ast) -> Type:
        item: Type = NULL
        for element in ast[2]:
            both = joined(item, self.type_of(element))
            if both is None:
                self._find(start_of(element), f"a list holds one kind of thing, and this is not {item.words}")
                item = ANY
            else:
                item = both
        return list_of(ANY if item.kind == "null" else item)

    # ---- logic

    def _not(self, ast: Ast) -> Type:
        return self.condition(ast[2])

    def _and(self, ast: Ast) -> Type:
        for operand in ast[2]:
            self.condition(operand)
        return BOOLEAN

    _or = _and

    def _if(self, ast: Ast) -> Type:
        self.condition(ast[2])
        return self._either(ast[3], ast[4], "`then` and `else` give different things")

    def _coalesce(self, ast: Ast) -> Type:
        return self._either(ast[2], ast[3], "both sides of ?? must be of one kind")

    def _either(self, left: Ast, right: Ast, rule: str) -> Type:
        first, second = self.type_of(left), self.type_of(right)
        both = joined(first, second)
        if both is None:
            self._find(start_of(right), f"{rule}: {first.words} and {second.words}")
            return ANY
        return both

    # ---- comparisons

    def _compare(self, ast: Ast) -> Type:
        _, at, operator, left_ast, right_ast = ast
        left, right = self._operand(left_ast, right_ast), self._operand(right_ast, left_ast)
        if operator == "in":
            self._check_in(at, left_ast, left, right_ast, right)
        elif operator in ("==", "!="):
            self._check_equal(left_ast, left, right_ast, right)
        else:
            self._check_order(operator, left_ast, left, right_ast, right)
        return BOOLEAN

    def _operand(self, ast: Ast, other: Ast) -> Type:
        """The type of one side; a bare word beside a choice is a text without its quotes."""
        bare = ast[0] == "name" and ast[2] not in self._names and other[0] != "literal"
        if bare and ast[2] in self._quietly(other).options:
            self._find(ast[1], f'{ast[2]} is a value of {name_of(other)}: write it in quotes, "{ast[2]}"')
            return ANY
        if ast[0] == "list" and other[0] != "literal":
            options = self._quietly(other).options
            ast = ("list", ast[1], tuple(self._option_without_quotes(one, options) for one in ast[2]))
        return self.type_of(ast)

    def _option_without_quotes(self, ast: Ast, options: Sequence[str]) -> Ast:
        """The option that a bare word in a list means, after saying that quotes are missing; else what is there."""
        if ast[0] != "name" or ast[2] in self._names or ast[2] not in options:
            return ast
        self._find(ast[1], f'write it in quotes: "{ast[2]}"')
        return ("literal", ast[1], ast[2])

    def _quietly(self, ast: Ast) -> Type:
        """The type of a part whose mistakes are reported elsewhere."""
        return _Checker(Scope(self._names, self._functions)).type_of(ast)

    def _check_equal(self, left_ast: Ast, left: Type, right_ast: Ast, right: Type) -> None:
        if joined(left, right) is None:
            hint = hint_for(left_ast, left, right) or hint_for(right_ast, right, left)
            self._find(start_of(right_ast), f"{is_what(left_ast, left)}, {is_what(right_ast, right)}{hint}")
        elif right_ast[0] == "literal":
            self._check_option(right_ast, right, left)
        elif left_ast[0] == "literal":
            self._check_option(left_ast, left, right)
        elif left.options and right.options and not set(left.options) & set(right.options):
            message = f"{name_of(left_ast)} and {name_of(right_ast)} have no value in common"
            self._find(start_of(right_ast), message)

    def _check_option(self, ast: Ast, literal: Type, other: Type) -> None:
        if literal.kind == "text" and other.options and literal.options[0] not in other.options:
            self._find(ast[1], not_an_option(literal.options[0], other.options))

    def _check_in(self, at: int, left_ast: Ast, left: Type, right_ast: Ast, right: Type) -> None:
        if right.kind not in ("list", "any", "null"):
            hint = ""
            if right.kind in ("text", "choice"):
                hint = f": write {name_of(right_ast)}.contains({name_of(left_ast)})"
            elif right.kind == "object":
                hint = f": compare with {name_of(right_ast)} == …"
            self._find(at, f"`in` needs a list, and {is_what(right_ast, right)}{hint}")
            return
        item = right.item or ANY
        if right_ast[0] == "list":
            for element in right_ast[2]:
                given = self._quietly(element)
                if item.kind != "any" or joined(left, given):  # a mixed list has been reported
                    self._check_equal(left_ast, left, element, given)
        elif joined(left, item) is None:
            hint = f": ask {name_of(right_ast)}.exists(x, x.id == …)" if item.kind == "object" else ""
            message = f"{is_what(left_ast, left)}, {name_of(right_ast)} holds {item.words}{hint}"
            self._find(start_of(left_ast), message)
        elif left_ast[0] == "literal":
            self._check_option(left_ast, left, item)

    def _check_order(self, operator: str, left_ast: Ast, left: Type, right_ast: Ast, right: Type) -> None:
        for ast, given in ((left_ast, left), (right_ast, right)):
            if given.kind == "choice":
                hint = f'compare with ==, or with in ["{given.options[0]}", …]' if given.options else "use =="
                self._find(start_of(ast), f"{is_what(ast, given)}, and choices have no order: {hint}")
                return
            if given.kind not in (*_ORDERED, "any", "null"):
                hint = f": compare size({name_of(ast)})" if given.kind == "list" else ""
                self._find(start_of(ast), f"{is_what(ast, given)} and has no {operator}{hint}")
                return
            if given.kind == "null":
                self._find(start_of(ast), "nothing is smaller or larger than null: compare with == or !=")
                return
        if joined(left, right) is None:
            hint = hint_for(left_ast, left, right) or hint_for(right_ast, right, left)
            self._find(start_of(right_ast), f"{is_what(left_ast, left)}, {is_what(right_ast, right)}{hint}")

    # ---- arithmetic

    def _arithmetic(self, ast: Ast) -> Type:
        _, at, operator, left_ast, right_ast = ast
        left, right = self.type_of(left_ast), self.type_of(right_ast)
        result = arithmetic_result(operator, left, right)
        if result is None:
            hint = ""
            if operator == "+" and "text" in (left.kind, right.kind):
                hint = ': put texts together in a template, such as "{{ a }} {{ b }}"'
            elif "duration" in (left.kind, right.kind) and "number" in (left.kind, right.kind):
                hint = ": write the number with a unit, such as 4h"
            message = f"{is_what(left_ast, left)}, {is_what(right_ast, right)}: {operator} does not fit{hint}"
            self._find(at, message)
            return ANY
        for one, other in ((left_ast, right_ast), (right_ast, left_ast)):
            if result.kind == "date" and one[0] == "duration" and parse_duration(one[2]) % timedelta(days=1):
                name = name_of(other)
                self._find(start_of(one), f"{name} is a date and has no hours: write datetime({name})")
        return result

    def _negate(self, ast: Ast) -> Type:
        given = self.type_of(ast[2])
        if given.kind not in ("number", "duration", "any", "null"):
            self._find(ast[1], f"{is_what(ast[2], given)}: only numbers and durations have a minus")
            return ANY
        return given

    # ---- calls

    def _call(self, ast: Ast) -> Type:
        _, at, name, arguments = ast
        function = self._functions.functions.get(name)
        given = [self._argument(argument, function, place) for place, argument in enumerate(arguments)]
        if function is None:
            hint = did_you_mean(name, self._functions.functions)
            if name in self._functions.methods or name in MACROS:
                hint = f": it is written after a value, x.{name}(…)"
            self._find(at, f'unknown function "{name}"{hint}')
            return ANY
        return self._invoke(function, at, arguments, given, f"{name}()")

    def _argument(self, ast: Ast, function: Function | None, place: int) -> Type:
        """The type of an argument; a bare word where a choice is wanted is a text without its quotes."""
        if function is not None and ast[0] == "name" and ast[2] not in self._names:
            options = {
                option
                for form in function.forms
                if place < len(form.params)
                for option in form.params[place].options
            }
            if ast[2] in options:
                self._find(ast[1], f'write it in quotes: "{ast[2]}"')
                return ANY
        return self.type_of(ast)

    def _method(self, ast: Ast) -> Type:
        _, at, owner_ast, name, arguments = ast
        owner = self.type_of(owner_ast)
        given = [owner, *(self.type_of(argument) for argument in arguments)]
        function = self._functions.methods.get(name)
        if function is None:
            hint = did_you_mean(name, [*self._functions.methods, *MACROS])
            if name in self._functions.functions:
                hint = f": write {name}({name_of(owner_ast)})"
            self._find(at, f'unknown method "{name}"{hint}')
            return ANY
        if owner.kind == "list" and name == "contains":
            shown = name_of(arguments[0]) if arguments else "…"
            self._find(at, f"write {shown} in {name_of(owner_ast)}")
            return BOOLEAN
        return self._invoke(function, at, (owner_ast, *arguments), given, f".{name}()", skip=1)

    def _invoke(
        self,
        function: Function,
        at: int,
        arguments: Sequence[Ast],
        given: list[Type],
        shown: str,
        skip: int = 0,
    ) -> Type:
        for form in function.forms:
            wanted = _wanted(form, len(given))
            if wanted is None or not all(map(accepts, wanted, given)):
                continue
            for argument, param in zip(arguments, wanted, strict=True):
                if argument[0] == "literal" and isinstance(argument[2], str) and param.options:
                    self._check_option(argument, Type("text", options=(argument[2],)), param)
            if function.verify is not None:
                self.findings.extend(function.verify(tuple(arguments)))
            return form.result(given) if callable(form.result) else form.result
        ways = function.usage or " or ".join(dict.fromkeys(_way(form, skip) for form in function.forms))
        got = ", ".join(one.words for one in given[skip:]) or "nothing"
        if skip and not any(accepts(form.params[0], given[0]) for form in function.forms):
            self._find(at, f"{is_what(arguments[0], given[0])} and has no {shown}")
        else:
            self._find(at, f"{shown} takes {ways}, not ({got})")
        result = function.forms[0].result
        return ANY if callable(result) else result

    def _macro(self, ast: Ast) -> Type:
        _, at, owner_ast, name, variable, body = ast
        owner = self.type_of(owner_ast)
        if owner.kind not in ("list", "any", "null"):
            self._find(at, f"{is_what(owner_ast, owner)}: .{name}() needs a list")
        if variable in self._names:
            self._find(at, f'"{variable}" already means something here: call the element by another name')
        before = self._names
        self._names = {**before, variable: owner.item or ANY}
        result = self.type_of(body) if name == "map" else self.condition(body)
        self._names = before
        if name == "map":
            return list_of(result)
        return BOOLEAN if name in ("exists", "all") else owner


def _wanted(form: Form, count: int) -> list[Type] | None:
    missing = count - len(form.params)
    if missing == 0 or (missing > 0 and form.rest is not None):
        return [*form.params, *([form.rest] * missing if form.rest else [])]
    return None


def _way(form: Form, skip: int) -> str:
    params = [param.words for param in form.params[skip:]]
    return f"({', '.join([*params, '…'] if form.rest else params)})" if params else "()"
