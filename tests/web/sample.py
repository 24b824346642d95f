"""A small organisation and sixty tickets, as the pages' tests and pictures show them."""

# Over 400 lines: data.

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from desk.values import Caller, CommentView, DeliveryView, FieldView, TimelineView
from domain.engine.entries import Cause, Entry, Happening
from domain.engine.events import Vote
from domain.engine.ticket import Json

NOW = datetime(2026, 11, 27, 10, 37, tzinfo=UTC)
"""Friday 18:37 in Shanghai: a P1 opened at 17:50 has thirteen minutes left."""

Text = dict[str, str]


def t(en: str, zh: str) -> Text:
    return {"en": en, "zh-CN": zh}


@dataclass(frozen=True)
class Thing:
    """A person, team or service in a picker."""

    id: str
    name: str


@dataclass(frozen=True)
class Process:
    """A process to open tickets in."""

    id: str
    title: Text
    number: int = 1


def person(id: str, name: str, *roles: str, locale: str = "en") -> Caller:
    return Caller(id=id, name=name, locale=locale, time_zone="Asia/Shanghai", roles=roles)


PEOPLE = {
    one.id: one
    for one in (
        person("alice", "Alice Chen"),
        person("victor", "李维克", locale="zh-CN"),
        person("deng", "Deng Rui", "agent"),
        person("wang", "Wang Lei", "agent"),
        person("liu", "Liu Yang", "agent", "manager"),
        person("hanna", "Hanna Großmann-Oberleitner", "agent"),
        person("zhao", "Zhao Min", "manager"),
        person("mia", "Mia Becker", "manager"),
        person("olga", "Olga Petrova", "process_owner"),
        person("root", "Sam Admin", "admin"),
    )
}
TEAMS = (
    Thing("service-desk", "Service desk"),
    Thing("network-l2", "Network L2"),
    Thing("messaging-l2", "Messaging L2"),
    Thing("security-response", "Security response"),
    Thing("shop-l2", "Web shop L2"),
)
ASSETS = (
    Thing("NB-0815", "ThinkPad X1"),
    Thing("NB-0816", "ThinkPad X1"),
)
SERVICES = (
    Thing("vpn", "Remote access"),
    Thing("mail", "Mail"),
    Thing("shop", "Web shop"),
    Thing("erp", "ERP"),
)
INCIDENT = Process("incident", t("Incident", "事件"))

STATES: dict[str, tuple[Text, str]] = {
    "new": (t("New", "新建"), "new"),
    "assigned": (t("Assigned", "已分派"), "active"),
    "in_progress": (t("In progress", "处理中"), "active"),
    "waiting_requester": (t("Waiting for requester", "等待用户"), "waiting"),
    "waiting_vendor": (t("Waiting for vendor", "等待厂商"), "waiting"),
    "resolved": (t("Resolved", "已解决"), "done"),
    "closed": (t("Closed", "已关闭"), "closed"),
    "cancelled": (t("Cancelled", "已取消"), "closed"),
}
PRIORITIES = {
    "P1": t("Critical", "紧急"),
    "P2": t("High", "高"),
    "P3": t("Medium", "中"),
    "P4": t("Low", "低"),
}
CATEGORIES = (
    ("network", t("Network", "网络")),
    ("vpn", t("VPN and remote access", "VPN 与远程访问")),
    ("mail", t("Mail", "邮件")),
    ("business_app", t("Business application", "业务系统")),
    ("workplace", t("Laptop and workplace", "电脑与办公设备")),
    ("security", t("Security", "安全")),
)
IMPACTS = (
    ("extensive", t("Whole company or all customers", "全公司或全部客户")),
    ("significant", t("A site or department", "一个办公地点或部门")),
    ("moderate", t("A team", "一个团队")),
    ("minor", t("One person", "个人")),
)
URGENCIES = (
    ("critical", t("Work has stopped", "工作已停止")),
    ("high", t("Work is badly hindered", "工作严重受阻")),
    ("medium", t("There is a way around", "有替代办法")),
    ("low", t("Can wait", "可以等待")),
)
RESOLUTIONS = (
    ("fixed", t("Fixed", "已修复")),
    ("workaround", t("Workaround given", "提供临时方案")),
    ("duplicate", t("Duplicate", "重复")),
)


def asked(
    name: str,
    label: Text,
    type: str,
    *,
    help: Text | None = None,
    options: tuple[tuple[str, Text], ...] = (),
    required: bool = False,
    condition: str = "",
    min: float | None = None,
) -> FieldView:
    """A field of a form."""
    return FieldView(
        name, label, help or {}, type, None, {}, options, required, condition, editable=True, min=min
    )


CREATE = (
    asked("title", t("Title", "标题"), "text", required=True),
    asked("description", t("Description", "描述"), "note", required=True),
    asked("service", t("Service", "服务"), "service"),
    asked("category", t("Category", "类别"), "choice", options=CATEGORIES, required=True),
    asked("impact", t("Impact", "影响范围"), "choice", options=IMPACTS, required=True,
          help=t("How much of the business is affected?", "业务受影响的范围有多大？")),
    asked("urgency", t("Urgency", "紧急程度"), "choice", options=URGENCIES, required=True),
    asked("affected_users", t("People affected", "受影响人数"), "number", required=True, min=0,
          condition='ticket.impact in ["extensive", "significant"]'),
)  # fmt: skip
RESOLVE = (
    asked("resolution_code", t("How was it resolved?", "解决方式"), "choice", options=RESOLUTIONS, required=True),
    asked("resolution", t("Resolution", "解决说明"), "note", required=True),
    asked("workaround", t("Workaround", "临时方案"), "note", required=True,
          condition='ticket.resolution_code == "workaround"'),
)  # fmt: skip
WAIT = (asked("waiting_reason", t("What are we waiting for?", "等待原因"), "note", required=True),)
VENDOR = (asked("vendor_ref", t("Vendor case", "厂商单号"), "text", required=True), *WAIT)
ASSIGN = (
    asked("team", t("Team", "团队"), "team", required=True),
    asked("assignee", t("Assignee", "处理人"), "person"),
)
ADDING = (
    asked("title", t("What is to be done", "任务内容"), "text", required=True),
    asked("assignee", t("Who does it", "负责人"), "person"),
    asked("due_at", t("Due", "截止时间"), "datetime"),
    asked("cost_centre", t("Cost centre", "成本中心"), "text"),
)
MAJOR = (
    asked("business_impact", t("Business impact", "业务影响"), "note", required=True),
    asked("affected_users", t("People affected", "受影响人数"), "number", required=True, min=0),
)


@dataclass(frozen=True)
class Way:
    """A transition of the sample process."""

    name: str
    label: Text
    source: tuple[str, ...]  # categories
    to: str
    form: tuple[FieldView, ...] = ()
    why_not: Text = field(default_factory=dict)
    requester: bool = False


WAYS = (
    Way("assign", t("Assign", "分派"), ("new", "active", "waiting"), "assigned", ASSIGN),
    Way("start", t("Take it", "接手处理"), ("new",), "in_progress"),
    Way("ask_requester", t("Ask the requester", "询问用户"), ("active",), "waiting_requester", WAIT),
    Way("hand_to_vendor", t("Hand to vendor", "转交厂商"), ("active",), "waiting_vendor", VENDOR),
    Way("resume", t("Resume work", "恢复处理"), ("waiting",), "in_progress"),
    Way("resolve", t("Resolve", "解决"), ("new", "active", "waiting"), "resolved", RESOLVE),
    Way("reopen", t("Not fixed - reopen", "未解决，重新打开"), ("done",), "in_progress", WAIT, requester=True),
    Way("close", t("Confirm and close", "确认并关闭"), ("done",), "closed", requester=True),
    Way("cancel", t("Cancel", "取消"), ("new",), "cancelled", requester=True),
    Way("declare_major", t("Declare major incident", "升级为重大事件"), ("new", "active", "waiting"), "", MAJOR,
        why_not=t("Only the incident manager or the duty manager may do this.", "仅事件经理或值班经理可执行此操作。")),
    Way("spawn_problem", t("Open a problem", "创建问题单"), ("new", "active", "waiting", "done"), "",
        why_not=t("The process “problem” is not published.", "流程“problem”尚未发布。")),
)  # fmt: skip


BY_HAND = Cause("command", "")


@dataclass
class Item:
    """A sample ticket."""

    number: int
    title: str
    priority: str
    state: str
    team: str
    requester: str = "alice"
    assignee: str = ""
    due: int | None = None  # minutes from now
    clock: str = "running"
    share: float | None = None
    opened: int = 120  # minutes ago
    description: str = ""
    fields: dict[str, Json] = field(default_factory=dict)
    revision: int = 3
    timeline: list[TimelineView] = field(default_factory=list)
    tasks: list[dict[str, Json]] = field(default_factory=list)
    votes: dict[str, Vote] | None = None  # of its approval, when it has one
    linked: tuple[str, ...] = ()  # numbers
    said_of: dict[str, dict[str, Json]] = field(default_factory=dict)  # what is known of each

    @property
    def ref(self) -> str:
        return f"INC-{self.number:06d}"

    def say(
        self,
        at: datetime,
        actor: str,
        *happened: tuple[str, Text],
        cause: Cause = BY_HAND,
        comment: tuple[str, bool] | None = None,
        sent: tuple[DeliveryView, ...] = (),
        late_by: float = 0.0,
    ) -> None:
        """Add a journal entry with its words."""
        seq = len(self.timeline) + 1
        entry = Entry(
            seq=seq,
            at=at,
            handled_at=at,
            cause=cause,
            revision=self.revision,
            actor=actor,
            happened=tuple(Happening(what) for what, _ in happened),
            late_by=late_by,
        )
        name = PEOPLE[actor].name if actor in PEOPLE else ""
        told = CommentView(f"{self.ref}-c{seq}", actor, name, comment[1], comment[0], at) if comment else None
        kinds = tuple(what for what, _ in happened)
        self.timeline.append(
            TimelineView(entry, name, tuple(words for _, words in happened), told, sent, kinds)
        )


def letter(
    kind: str, to: str, channel: str, status: str, subject: str, body: str, at: datetime, **more: Json
) -> DeliveryView:
    """A delivery."""
    return DeliveryView(
        key=f"{kind}-{to}-{channel}-{at:%H%M%S}-{abs(hash(subject)) % 9999}", seq=1, kind=kind, recipient=to,
        recipient_name=PEOPLE[to].name if to in PEOPLE else "", channel=channel, status=status, subject=subject,  # type: ignore[arg-type]  # literals below
        body=body, created_at=at, sent_at=at + timedelta(seconds=2) if status == "sent" else None,
        attempts=int(str(more.get("attempts", 1))), error=str(more.get("error", "")),
    )  # fmt: skip


_MANY = (
    ("Mail to external recipients is delayed by more than an hour", "P2", "in_progress", "messaging-l2", "hanna", 52, "running", 0.76),
    ("Web shop: payment page answers 502 for customers of two banks", "P1", "in_progress", "shop-l2", "wang", -12, "breached", 1.2),
    ("财务共享中心无法打印增值税发票，月底结账受影响，请尽快处理", "P2", "assigned", "service-desk", "deng", 24, "running", 0.8),
    ("上海办公室三楼会议室的无线网络时断时续，视频会议经常掉线，已经影响与德国同事的每日例会", "P3", "in_progress", "network-l2", "wang", 3950, "outside_hours", 0.42),
    ("Slow VPN in Pudong since the update of the client", "P2", "waiting_requester", "network-l2", "wang", None, "paused", 0.2),
    ("Datensicherung der Kostenrechnungsabteilung schlägt seit dem Wochenende mit Zeitüberschreitung fehl", "P3", "waiting_vendor", "service-desk", "hanna", 4100, "outside_hours", 0.35),
    ("Phishing mail that looks like our payroll, twenty people clicked", "P2", "in_progress", "security-response", "liu", 95, "running", 0.55),
    ("New starter Zhang Min needs access to the ERP test system before Monday's training", "P4", "new", "service-desk", "", 4260, "outside_hours", 0.05),
    ("OA 系统登录后页面空白", "P3", "new", "service-desk", "", 4000, "outside_hours", 0.1),
    ("Docking station does not charge the laptop", "P4", "assigned", "service-desk", "deng", 4500, "outside_hours", 0.02),
    ("Certificate of the supplier portal runs out on Sunday", "P3", "in_progress", "network-l2", "liu", 3985, "outside_hours", 0.5),
    ("邮箱容量已满，无法接收客户订单", "P3", "waiting_requester", "messaging-l2", "hanna", None, "paused", 0.6),
)  # fmt: skip
_REST = (
    "Printer on floor {n} prints blank pages", "Cannot open attachment {n} in the ticket", "VPN token {n} is locked",
    "{n} 号工位的电脑无法开机", "Shared calendar of team {n} is empty", "ERP report {n} takes ten minutes",
    "会议室 {n} 的投影无信号", "Phone {n} rings but nobody hears anything",
)  # fmt: skip


def items(now: datetime = NOW) -> list[Item]:
    """All the tickets; the P1 comes first."""
    found = [_p1(now)]
    for index, (title, priority, state, team, assignee, due, clock, share) in enumerate(_MANY):
        item = Item(
            41 - index, title, priority, state, team, "victor" if index % 3 == 0 else "alice", assignee, due, clock, share,
            opened=200 + 37 * index, description="Since this morning. " * (1 + index % 3),
            fields={"category": "mail" if team == "messaging-l2" else "network", "impact": "moderate", "urgency": "high"},
        )  # fmt: skip
        _plain_story(item, now)
        found.append(item)
    found[2].tasks = _tasks(now)
    found[2].votes = {}
    found[2].fields |= {
        "major": True,
        "business_impact": "Card payments fail for about a third of the orders.",
    }
    for index in range(47):
        state = ("closed", "resolved", "assigned", "in_progress", "new")[index % 5]
        done = state in ("closed", "resolved")
        item = Item(
            100 + index, _REST[index % len(_REST)].format(n=index + 2), f"P{3 + index % 2}", state,
            TEAMS[index % len(TEAMS)].id, "alice" if index % 2 else "victor", "" if state == "new" else "deng",
            None if done else 4300 + 61 * index, "none" if done else "outside_hours", None if done else 0.03 * (index % 20),
            opened=1500 + 300 * index, fields={"category": "workplace", "impact": "minor", "urgency": "medium"},
        )  # fmt: skip
        _plain_story(item, now)
        found.append(item)
    return found


def _plain_story(item: Item, now: datetime) -> None:
    opened = now - timedelta(minutes=item.opened)
    item.say(opened, item.requester, ("opened", t("opened the incident", "提交了事件")))
    if item.assignee:
        item.say(
            opened + timedelta(minutes=9), item.assignee, ("moved", t("took it", "接手处理")), ("set", t("Assignee: — → " + PEOPLE[item.assignee].name, "处理人：— → " + PEOPLE[item.assignee].name))
        )  # fmt: skip
    if item.state.startswith("waiting"):
        item.say(
            opened + timedelta(minutes=31), item.assignee, ("moved", t("asked the requester", "询问了用户"))
        )


def _tasks(now: datetime) -> list[dict[str, Json]]:
    due = now + timedelta(days=5)
    return [
        {"name": "open_bridge", "label": t("Open conference bridge", "建立会议"), "state": "done", "due_at": None},
        {"name": "publish_status", "label": t("Publish on status page", "发布状态页"), "state": "failed", "due_at": None,
         "error": "status.example.com answered 503 five times"},
        {"name": "review_major", "label": t("Major-incident review", "重大事件复盘"), "state": "open", "due_at": due.isoformat(),
         "assignee_names": ["Mia Becker"], "may_complete": True, "form": (MAJOR[0], RESOLVE[1])},
    ]  # fmt: skip


def _p1(now: datetime) -> Item:
    opened = now - timedelta(minutes=47)

    def at(minutes: int) -> datetime:
        return opened + timedelta(minutes=minutes)

    item = Item(
        42, "VPN is down for everyone in the Shanghai office, nobody has been able to log in since 17:45", "P1", "new",
        "network-l2", due=13, share=0.783, opened=47,
        description="Nobody can log in since 17:45. The client says “authentication server unreachable” after about "
        "thirty seconds.\n\nWe have tried two networks and three laptops. 800 people are working from home tomorrow.",
        fields={"service": "vpn", "category": "vpn", "impact": "extensive", "urgency": "critical", "affected_users": 800},
        revision=4,
    )  # fmt: skip
    page = "[PAGE] INC-000042 P1 VPN is down for everyone in the Shanghai office"
    item.say(
        at(0), "alice", ("opened", t("opened the incident", "提交了事件")),
        ("set", t("Priority: P1 (impact extensive × urgency critical)", "优先级：P1（影响范围“全公司” × 紧急程度“工作已停止”）")),
        ("set", t("Team: Network L2, by the second routing rule", "团队：Network L2（第二条分派规则）")),
        ("clock", t("Response time started, due 18:50", "响应时间开始计时，18:50 到期")),
        ("clock", t("Resolution time started, due 21:50", "解决时间开始计时，21:50 到期")),
        sent=(
            letter("notify", "alice", "email", "sent", "INC-000042 received: VPN is down", "Hello Alice Chen,\nwe have your ticket and will come back to you by 18:50.", at(0)),
            letter("page", "deng", "page", "kept", page, "P1 opened. Acknowledge: INC-000042", at(0)),
        ),
    )  # fmt: skip
    item.say(at(6), "deng", ("commented", t("wrote an internal note", "写了内部备注")), comment=(
        "Both RADIUS servers answer ping, but port 1812 is closed on the second one. Change CHG-000117 was rolled out at 17:40. Looks related; calling network.", False))  # fmt: skip
    item.say(at(14), "alice", ("commented", t("replied", "回复了")), comment=(
        "It is Pudong too now. 浦东的同事也登录不了。", True))  # fmt: skip
    item.say(at(17), "deng", ("set", t("People affected: 500 → 800", "受影响人数：500 → 800")))
    item.say(
        at(30), "", ("reached", t("Response time: 50 % reached", "响应时间：到达 50%")),
        ("escalation", t("Team on-call: step 1 of 3", "团队值班：第 1 步，共 3 步")),
        cause=Cause("clock", "response 50%", "incident.yaml:293"),
        sent=(letter("page", "wang", "page", "kept", page, "Half of the response time is gone.", at(30)),),
    )  # fmt: skip
    item.say(
        at(40), "", ("escalation", t("Nobody answered for 10 min: step 2 of 3, the team's lead", "10 分钟无人响应：第 2 步，团队负责人")),
        cause=Cause("escalation", "on_call", "common.yaml:75"),
        sent=(letter("page", "liu", "page", "kept", page, "Ten minutes without an answer.", at(40)),),
    )  # fmt: skip
    item.say(
        at(45), "", ("reached", t("Response time: 75 % reached", "响应时间：到达 75%")),
        cause=Cause("clock", "response 75%", "incident.yaml:298"), late_by=95,
        sent=(
            letter("page", "zhao", "page", "kept", page, "Three quarters of the response time are gone.", at(45)),
            letter("notify", "wang", "chat", "failed", "INC-000042 P1: deadline is near", "VPN is down", at(45), attempts=5, error="chat.example.com answered 502"),
        ),
    )  # fmt: skip
    return item
