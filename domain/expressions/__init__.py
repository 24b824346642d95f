"""The condition language: typed, total, deterministic expressions with CEL's look, and templates."""

from domain.durations import (
    LocalDuration,
    format_duration,
    parse_duration,
    parse_duration_parts,
)
from domain.expressions.ast import Ast, ExpressionError, names_read
from domain.expressions.builtins import standard_functions
from domain.expressions.checker import check, check_condition
from domain.expressions.compiler import Compiled, Readable, compile_condition, compile_expression
from domain.expressions.functions import Form, Function, Functions, WorkingTime, calendar_functions
from domain.expressions.messages import did_you_mean
from domain.expressions.operations import equal
from domain.expressions.parser import parse
from domain.expressions.templates import (
    CompiledTemplate,
    Placeholder,
    Template,
    parse_template,
    plain_text,
    render,
)
from domain.expressions.types import (
    ANY,
    BOOLEAN,
    DATE,
    DATETIME,
    DURATION,
    NULL,
    NUMBER,
    TEXT,
    TIME,
    Finding,
    Scope,
    Type,
    accepts,
    choice_of,
    joined,
    list_of,
    object_of,
)

__all__ = [
    "ANY",
    "BOOLEAN",
    "DATE",
    "DATETIME",
    "DURATION",
    "NULL",
    "NUMBER",
    "TEXT",
    "TIME",
    "Ast",
    "Compiled",
    "CompiledTemplate",
    "ExpressionError",
    "Finding",
    "Form",
    "Function",
    "Functions",
    "LocalDuration",
    "Placeholder",
    "Readable",
    "Scope",
    "Template",
    "Type",
    "WorkingTime",
    "accepts",
    "calendar_functions",
    "check",
    "check_condition",
    "choice_of",
    "compile_condition",
    "compile_expression",
    "did_you_mean",
    "equal",
    "format_duration",
    "joined",
    "list_of",
    "names_read",
    "object_of",
    "parse",
    "parse_duration",
    "parse_duration_parts",
    "parse_template",
    "plain_text",
    "render",
    "standard_functions",
]
