"""What the report with charts says, in English and Chinese."""

from __future__ import annotations

Locale = str

_WORDS: dict[str, tuple[str, str]] = {
    "title": ("Simulation: {process}", "模拟：{process}"),
    "title_two": ("Simulation: {process}, two versions", "模拟：{process}，两个版本"),
    "subtitle": (
        "{tickets} tickets in {days} days from {start} ({zone}), seed {seed}. Version {version}.",
        "自 {start}（{zone}）起 {days} 天，共 {tickets} 张工单，随机种子 {seed}。版本 {version}。",
    ),
    "subtitle_two": (
        "{tickets} tickets in {days} days from {start} ({zone}), seed {seed}. Versions {version} and {other}.",
        "自 {start}（{zone}）起 {days} 天，共 {tickets} 张工单，随机种子 {seed}。版本 {version} 与 {other}。",
    ),
    "warm_up": (
        "After {days} days of warm-up, which left {tickets} tickets open: ",
        "预热 {days} 天（留下 {tickets} 张未关闭工单）之后：",
    ),
    "caveat": (
        "Invented tickets, moved by the real rules. As good as its profile: read differences rather than digits.",
        "工单为虚构，由真实规则驱动。结果取决于所给的参数：请看差异，而非个别数字。",
    ),
    "before": ("before", "之前"),
    "after": ("after", "之后"),
    "arrived": ("Arrived", "新建"),
    "closed": ("Closed", "已关闭"),
    "open": ("Still open", "仍未完成"),
    "reopened": ("Reopened", "重新打开"),
    "to_done": ("Half are done within", "半数完成于"),
    "share_of": ("{clock} in time", "{clock} 达标率"),
    "clocks": ("Clocks", "时限"),
    "clocks_note": (
        "The share of finished clocks that ended in time. A clock that still runs counts for neither.",
        "已结束的时限中按时的比例；仍在计时的不计入。",
    ),
    "clock": ("Clock", "时限"),
    "level": ("Level", "级别"),
    "all": ("all", "全部"),
    "met": ("In time", "按时"),
    "missed": ("Too late", "超时"),
    "running": ("Running", "计时中"),
    "share": ("Share in time", "达标率"),
    "over_time": ("Tickets over time", "工单数随时间变化"),
    "over_time_note": ("At the end of each hour, by the category of their state.", "每小时末，按状态类别。"),
    "new": ("New", "新建"),
    "active": ("In work", "处理中"),
    "waiting": ("Waiting", "等待"),
    "done": ("Done, not closed", "已完成未关闭"),
    "day": ("Day", "日期"),
    "queues": ("Queues", "队列"),
    "queues_note": (
        "Jobs that wait for somebody to take them up, the mean of each hour.",
        "等待有人接手的工作，每小时平均值。",
    ),
    "people": ("People", "人员"),
    "people_note": (
        "Load: the time people were busy, of the time they were there. Overtime: work after a page, outside hours.",
        "负荷为忙碌时间占在岗时间的比例。加班为工作时间之外因呼叫而做的工作。",
    ),
    "team": ("Team", "团队"),
    "heads": ("People", "人数"),
    "jobs": ("Jobs", "工作数"),
    "load": ("Load", "负荷"),
    "overtime": ("Overtime", "加班"),
    "mean_wait": ("Mean wait", "平均等待"),
    "p90_wait": ("9 of 10 within", "九成以内"),
    "longest_wait": ("Longest", "最长"),
    "longest_queue": ("Longest queue", "最长队列"),
    "load_by_hour": ("Load by hour of the week", "一周各小时负荷"),
    "states": ("Where time goes", "时间去向"),
    "states_note": (
        "How long tickets stay in each state, and how long they wait there until somebody takes them up.",
        "工单在各状态停留的时间，以及等待接手的时间。",
    ),
    "state": ("State", "状态"),
    "stays": ("Stays", "次数"),
    "mean_stay": ("Mean stay", "平均停留"),
    "total": ("Share of all time", "占总时间"),
    "thresholds": ("Thresholds, escalations, approvals and pages", "阈值、升级、审批与呼叫"),
    "threshold": ("Threshold reached", "达到的阈值"),
    "escalation": ("Escalation", "升级"),
    "approval": ("Approval", "审批"),
    "became": ("What became of it", "结果"),
    "took": ("Took on average", "平均用时"),
    "requested": ("requested", "已发起"),
    "approved": ("approved", "通过"),
    "rejected": ("rejected", "驳回"),
    "timed_out": ("timed out", "超时"),
    "reminded": ("approvers reminded", "已提醒审批人"),
    "lapsed": ("a timeout passed", "超过期限"),
    "voided": ("voided", "作废"),
    "withdrawn": ("withdrawn", "撤回"),
    "nobody": ("nobody to ask", "无人可审批"),
    "page": ("Called by rule", "触发呼叫的规则"),
    "times": ("Times", "次数"),
    "transitions": ("What happened", "发生了什么"),
    "transition": ("Transition", "流转"),
    "by_itself": ("Without a person", "无人操作"),
    "overdue_of": ("{what}, after the deadline", "{what}，超时后"),
    "entering": ("Entering {what}", "进入{what}"),
    "leaving": ("Leaving {what}", "离开{what}"),
    "never": ("Never happened", "从未发生"),
    "never_note": (
        "Nothing in this month took these. Give them a weight in the profile, or ask whether they are needed.",
        "本次模拟中从未使用。可在参数中给予权重，或考虑是否需要。",
    ),
    "trouble": ("Trouble", "问题"),
    "refusals": ("The process said no to", "流程拒绝的操作"),
    "stuck": ("Nobody could move it on", "无人能继续处理"),
    "parked": ("Parked by the engine", "被引擎搁置"),
    "refused": ("Could not be opened", "无法创建"),
    "no_trouble": ("No ticket got stuck.", "没有工单卡住。"),
    "step": ("step {n}", "第 {n} 步"),
    "started": ("started", "开始"),
    "ended": ("answered in time", "已响应"),
    "exhausted": ("nobody answered", "无人响应"),
    "stood_down": ("stood down", "已取消"),
    "overdue": ("repeated after the deadline", "超时后重复"),
    "figures": ("Figures", "数据"),
    "nothing": ("Nothing.", "无。"),
    "weekdays": ("Mon Tue Wed Thu Fri Sat Sun", "周一 周二 周三 周四 周五 周六 周日"),
    "nobody_there": ("nobody there", "无人在岗"),
    "change": ("Change", "变化"),
    "points": ("points", "个百分点"),
    "units": ("s m h d", "秒 分 时 天"),
    "made_by": ("Made by evertick definition simulate.", "由 evertick definition simulate 生成。"),
}


class Words:
    """The words of one locale."""

    def __init__(self, locale: Locale) -> None:
        self.locale = locale
        self._place = 1 if locale == "zh-CN" else 0

    def __call__(self, name: str, **values: object) -> str:
        """A word, its places filled in."""
        text = _WORDS[name][self._place]
        return text.format(**values) if values else text

    def or_as_it_is(self, name: str) -> str:
        """A word where there is one for this name."""
        return self(name) if name in _WORDS else name

    def length(self, seconds: float | None) -> str:
        """`12 m`, `3 h 5 m`: the two largest units; a dash for none."""
        if seconds is None:
            return "–"
        second, minute, hour, day = self("units").split()
        whole = round(seconds)
        if whole < 60:
            return f"{whole} {second}"
        if whole < 3570:
            return f"{round(whole / 60)} {minute}"
        if whole < 86_400:
            hours, minutes = divmod(round(whole / 60), 60)
            return f"{hours} {hour} {minutes} {minute}" if minutes and hours < 24 else f"{hours} {hour}"
        days, hours = divmod(round(whole / 3600), 24)
        return f"{days} {day} {hours} {hour}" if hours else f"{days} {day}"

    def percent(self, share: float | None) -> str:
        """`93.5%`; a dash for none."""
        return "–" if share is None else f"{share * 100:.1f}%"
