"""Parses expressions: CEL's grammar subset with words (`and or not`, `if … then … else`, `4h`)."""

from __future__ import annotations

from domain.expressions.ast import MACROS, Ast, ExpressionError, children
from domain.expressions.lexer import Token, tokens

MAX_TEXT = 4_000
MAX_NODES = 500
MAX_DEPTH = 60

# How tightly operators bind; `not` stands between `and` and the comparisons, `if` below all.
_OR, _AND, _NOT, _COMPARE, _COALESCE, _SUM, _PRODUCT, _UNARY = range(1, 9)
_LEVELS = {
    "or": _OR, "||": _OR, "and": _AND, "&&": _AND,
    "==": _COMPARE, "!=": _COMPARE, "<": _COMPARE, "<=": _COMPARE, ">": _COMPARE, ">=": _COMPARE,
    "in": _COMPARE, "not": _COMPARE,
    "??": _COALESCE, "+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "%": _PRODUCT,
}  # fmt: skip
_KEYWORDS = {"and", "or", "not", "in", "if", "then", "else", "true", "false", "null"}
_CONSTANTS = {"true": True, "false": False, "null": None}
_HINTS = {
    "=": "write == to compare",
    "===": "write ==",
    "!==": "write !=",
    "<>": "write !=",
    "=>": "write >=",
    "?": "write: if condition then a else b",
    "&": "write and",
    "|": "write or",
    "is": "write == null or != null",
    "equals": "write ==",
    "like": "write .contains(…)",
    "contains": "write .contains(…)",
    "AND": "write and",
    "OR": "write or",
    "NOT": "write not",
    "IN": "write in",
}


def parse(text: str) -> Ast:
    """The syntax tree of an expression. Raises ExpressionError with the offset of the first mistake."""
    return parse_part(text, 0, len(text))


def parse_part(text: str, start: int, end: int) -> Ast:
    """Like `parse`, for `text[start:end]`; offsets count from the start of the whole text."""
    if end - start > MAX_TEXT:
        raise ExpressionError(f"this expression is longer than {MAX_TEXT} characters", start)
    parser = _Parser(tokens(text, start, end))
    ast = parser.whole()
    _refuse_monsters(ast)
    return ast


def _refuse_monsters(ast: Ast) -> None:
    nodes = 0
    todo = [(ast, 1)]
    while todo:
        node, depth = todo.pop()
        nodes += 1
        if depth > MAX_DEPTH or nodes > MAX_NODES:
            raise ExpressionError("this expression is too long: use computed fields for its parts", node[1])
        todo.extend((part, depth + 1) for part in children(node))


class _Parser:
    def __init__(self, found: list[Token]) -> None:
        self._tokens = found
        self._next = 0
        self._depth = 0

    def whole(self) -> Ast:
        if self._peek()[0] == "end":
            raise ExpressionError("an expression is missing here", self._peek()[1])
        ast = self._expression(0)
        if self._peek()[0] != "end":
            raise self._surprise("an operator such as == or and, or the end")
        return ast

    # ---- operators

    def _expression(self, minimum: int) -> Ast:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ExpressionError("this expression is nested too deeply", self._peek()[1])
        left = self._prefix(minimum)
        while True:
            level = self._level()
            if level == 0 or level < minimum:
                self._depth -= 1
                return left
            _, at, word = self._peek()
            self._next += 1
            left = self._operator(left, word, at, level)

    def _operator(self, left: Ast, word: str, at: int, level: int) -> Ast:
        if level in (_OR, _AND):
            kind = "or" if level == _OR else "and"
            operands = [left, self._expression(level + 1)]
            while self._level() == level:
                self._next += 1
                operands.append(self._expression(level + 1))
            return (kind, at, tuple(operands))
        if level == _COMPARE:
            return self._comparison(left, word, at)
        right = self._expression(level + 1)
        if level == _COALESCE:
            return ("coalesce", at, left, right)
        return ("arithmetic", at, word, left, right)

    def _comparison(self, left: Ast, word: str, at: int) -> Ast:
        if word == "not":
            self._expect("in", "`in` after `not`")
        right = self._expression(_COMPARE + 1)
        if self._level() == _COMPARE:
            raise ExpressionError("compare in two steps: a < b and b < c", self._peek()[1])
        compared = ("compare", at, "in" if word == "not" else word, left, right)
        return ("not", at, compared) if word == "not" else compared

    def _prefix(self, minimum: int) -> Ast:
        kind, at, word = self._peek()
        if kind == "name" and word == "not":
            if minimum > _NOT:
                raise ExpressionError("put `not …` in brackets here", at)
            self._next += 1
            return ("not", at, self._expression(_NOT))
        if kind == "name" and word == "if":
            if minimum > 0:
                raise ExpressionError("put `if … then … else …` in brackets here", at)
            self._next += 1
            condition = self._expression(_OR)
            self._expect("then", "`then`")
            then = self._expression(_OR)
            self._expect("else", "`else`: an `if` needs a value for both cases")
            return ("if", at, condition, then, self._expression(0))
        if kind == "operator" and word == "!":
            self._next += 1
            return ("not", at, self._expression(_UNARY))
        if kind == "operator" and word == "-":
            self._next += 1
            operand = self._expression(_UNARY)
            if operand[0] == "literal" and type(operand[2]) in (int, float):
                return ("literal", at, -operand[2])
            return ("negate", at, operand)
        return self._postfix(self._primary())

    # ---- values

    def _postfix(self, ast: Ast) -> Ast:
        while True:
            kind, at, word = self._peek()
            if kind != "operator" or word not in (".", "["):
                return ast
            self._next += 1
            if word == "[":
                key = self._expression(0)
                self._expect("]", "] to close the [")
                ast = ("index", at, ast, key)
                continue
            kind, at, name = self._peek()
            if kind != "name":
                raise self._surprise("a name after the dot")
            self._next += 1
            ast = self._method(ast, at, name) if self._accept("(") else ("member", at, ast, name)

    def _method(self, ast: Ast, at: int, name: str) -> Ast:
        arguments = self._arguments(")")
        if name not in MACROS:
            return ("method", at, ast, name, arguments)
        if len(arguments) != 2 or arguments[0][0] != "name":
            raise ExpressionError(f"write .{name}(x, …): a name for the element and what is asked of it", at)
        return ("macro", at, ast, name, arguments[0][2], arguments[1])

    def _primary(self) -> Ast:
        kind, at, value = self._peek()
        if kind in ("number", "text"):
            self._next += 1
            return ("literal", at, value)
        if kind == "duration":
            self._next += 1
            return ("duration", at, value)
        if kind == "operator" and value == "(":
            self._next += 1
            inner = self._expression(0)
            self._expect(")", ") to close the (")
            return inner
        if kind == "operator" and value == "[":
            self._next += 1
            return ("list", at, self._arguments("]"))
        if kind == "name" and value in _CONSTANTS:
            self._next += 1
            return ("literal", at, _CONSTANTS[value])
        if kind == "name" and value not in _KEYWORDS:
            if value == "NOT" and self._tokens[self._next + 1][0] == "name":
                raise self._surprise("a value")
            self._next += 1
            return ("call", at, value, self._arguments(")")) if self._accept("(") else ("name", at, value)
        raise self._surprise("a value")

    def _arguments(self, closing: str) -> tuple[Ast, ...]:
        found: list[Ast] = []
        while not self._accept(closing):
            if found:
                self._expect(",", f", or {closing}")
            found.append(self._expression(0))
        return tuple(found)

    # ---- tokens

    def _peek(self) -> Token:
        return self._tokens[self._next]

    def _level(self) -> int:
        kind, _, word = self._peek()
        return _LEVELS.get(word, 0) if kind in ("operator", "name") else 0

    def _accept(self, word: str) -> bool:
        kind, _, value = self._peek()
        if kind in ("operator", "name") and value == word:
            self._next += 1
            return True
        return False

    def _expect(self, word: str, wanted: str) -> None:
        if not self._accept(word):
            raise self._surprise(wanted)

    def _surprise(self, wanted: str) -> ExpressionError:
        kind, at, value = self._peek()
        if kind == "end":
            return ExpressionError(f"the expression ends too early: expected {wanted}", at)
        if value in _HINTS and kind in ("operator", "name"):
            return ExpressionError(f'unexpected "{value}": {_HINTS[value]}', at)
        shown = f'the text "{value}"' if kind == "text" else f'"{value}"'
        return ExpressionError(f"unexpected {shown}: expected {wanted}", at)
