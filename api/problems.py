"""The kinds of problem (RFC 9457) the API answers with: code, status, title in both languages, what next."""

from __future__ import annotations

from dataclasses import dataclass

from api.languages import Words

REFERENCE = "/api/docs"
"""Where the reference page is; a problem's `type` points to its entry there."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem. `code` is stable: clients may branch on it."""

    code: str
    status: int
    title: Words
    next: str  # what the client does about it, for the reference page

    @property
    def type(self) -> str:
        """The URI reference that identifies this kind, and leads to its explanation."""
        return f"{REFERENCE}#problem-{self.code}"


def _kind(code: str, status: int, en: str, zh: str, what_next: str) -> Kind:
    return Kind(code, status, {"en": en, "zh-CN": zh}, what_next)


_ALL = (
    _kind("json_invalid", 400, "The body is not valid JSON", "请求体不是有效的 JSON",
          "Send one JSON object in UTF-8; `detail` says where it breaks."),
    _kind("text_invalid", 400, "A text holds characters that are not allowed", "文本包含不允许的字符",
          "Remove control characters (only line feed, carriage return and tab may stay)."),
    _kind("header_invalid", 400, "A header is malformed", "请求头格式不正确",
          "Send the header as the reference describes it."),
    _kind("cursor_invalid", 400, "The cursor is not valid", "分页游标无效",
          "Use `next_cursor` as it was given, with the same filters, or start again without a cursor."),
    _kind("bad_request", 400, "The request cannot be understood", "无法理解该请求", "See `detail`."),
    _kind("token_missing", 401, "Sign in first", "请先登录",
          "Send `Authorization: Bearer <token>`."),
    _kind("token_invalid", 401, "The token is not valid", "令牌无效",
          "The token is unknown, expired or revoked: get a new one."),
    _kind("not_permitted", 403, "You may not do this", "您没有权限执行此操作",
          "`GET /tickets/{ref}/transitions` says what this person may do and why not."),
    _kind("not_found", 404, "There is nothing here", "此处没有内容", "Check the address."),
    _kind("ticket_unknown", 404, "No such ticket", "工单不存在",
          "There is no such ticket, or this person may not see it."),
    _kind("definition_unknown", 404, "No such process", "流程不存在",
          "`GET /processes` lists the processes."),
    _kind("method_not_allowed", 405, "This method is not allowed here", "此处不允许使用该方法",
          "`Allow` lists the methods there are."),
    _kind("refused", 409, "The process refuses this", "流程拒绝了此操作", "`detail` says why."),
    _kind("transition_refused", 409, "The transition is not possible now", "当前无法执行该流转",
          "`GET /tickets/{ref}/transitions` says what is possible and why not."),
    _kind("conflict", 409, "The request does not fit what is stored", "请求与现有数据冲突",
          "Read the ticket again and decide again."),
    _kind("revision_stale", 412, "The ticket has changed meanwhile", "工单已被他人更改",
          "Read the ticket again, look at what changed, send its new `ETag` as `If-Match`."),
    _kind("body_too_large", 413, "The body is too large", "请求体过大",
          "Send less; `detail` says how much is accepted."),
    _kind("media_type_unsupported", 415, "Send JSON", "请发送 JSON",
          "Send `Content-Type: application/json`, in UTF-8, not compressed."),
    _kind("form_invalid", 422, "Some values are missing or not valid", "部分内容缺失或无效",
          "`errors` lists every one of them."),
    _kind("key_reused", 422, "The idempotency key was used for another request", "幂等键已用于其他请求",
          "Use a new key for a new request."),
    _kind("revision_missing", 428, "Say which revision you have seen", "请提供您所见的版本",
          "Send the ticket's `ETag` as `If-Match`; `*` means any."),
    _kind("internal_error", 500, "Something went wrong on our side", "服务器内部错误",
          "Nothing is known to have changed. Tell an operator the `error_id`; it is in the log."),
    _kind("engine_fault", 500, "The engine met what it does not know", "流程引擎出现故障",
          "The ticket is untouched. Tell an operator."),
    _kind("definition_invalid", 500, "A process definition has mistakes", "流程定义有误",
          "Tell the process owner."),
    _kind("facts_missing", 503, "Something this needs could not be looked up", "暂时无法获取所需信息",
          "Try again later, with a new idempotency key: this attempt is settled as refused."),
    _kind("unavailable", 503, "Not available for now", "暂时不可用",
          "Try again after `Retry-After` seconds, with the same idempotency key."),
)  # fmt: skip

KINDS: dict[str, Kind] = {kind.code: kind for kind in _ALL}
"""Every kind by its code, in the order of their statuses."""
