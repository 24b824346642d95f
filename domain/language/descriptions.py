"""What each key means, for editors and for the reference; beside the models, so that those stay short to read.

`Field(description=…)` in a model comes first, then the model here, then `EVERYWHERE`.
"""

# Over 400 lines: it is one table, a line for a key.

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel

EVERYWHERE = {
    "calendar": "The calendar in which the time counts; left out: around the clock.",
    "help": "A sentence that explains it to people.",
    "if": "Only when this holds.",
    "label": "What people read instead of the name.",
    "otherwise": "The sentence people see when the condition does not hold.",
}

OF_MODELS: dict[str, dict[str, str]] = {
    "Common": {
        "agreements": "What was promised to some customers beyond the usual.",
        "approvals": "Who has to agree, by name.",
        "calendars": "Working hours, by name. `always` is built in.",
        "description": "What this file is for.",
        "escalations": "Chains of people who are called, by name.",
        "fields": "What is known about a ticket, by name.",
        "forms": "Named forms; `create` is the one that opens a ticket.",
        "freezes": "Times in which changes may not happen.",
        "id": "The name of this definition, for other definitions and for programs.",
        "lang": "The version of the language: it pins what everything here means.",
        "maintenance": "Times in which changes should happen.",
        "meta": "Anything you want to keep here; Evertick does not look at it.",
        "notifications": "What is written to people, by name.",
        "priority": "How the priority is found.",
        "roles": "Names for people, by what they are to the ticket.",
        "tables": "Tables to look things up in, by name.",
        "tasks": "Work items, by name.",
        "uses": "Libraries whose named things can be used here.",
        "version": "Your own number of this file.",
    },
    "Process": {
        "abstract": "Only there to be extended; no ticket can be opened.",
        "clocks": "What was promised, and how it is measured, by name.",
        "extends": "The process this one is a variant of.",
        "groups": "Names for several states.",
        "kind": "Says that this file is a process.",
        "links": "How tickets can be tied to others, by name.",
        "locales": "The languages that every text has to have.",
        "messages": "What other tickets and systems can tell a ticket of this process, by name.",
        "migrate": "Where tickets of older versions land, when somebody asks for it.",
        "number": "How tickets are called: `INC-{n:6}` gives INC-000001.",
        "owner": "Who answers for this process.",
        "permissions": "Who may do what; lines add up, and what no line grants is denied.",
        "risk": "How the risk of a change is found.",
        "routing": "Which team gets a ticket: the first line that fits.",
        "starts_in": "The state in which a ticket begins.",
        "states": "Where a ticket can be, by name.",
        "title": "How people call this process.",
        "transitions": "The ways between states, by name; in the order in which they are looked at.",
    },
    "Schedule": {
        "at": "The time of day, in the time zone of the process.",
        "calendar": "When it is closed at that time, `if_closed` says what becomes of it.",
        "every": "The days: `day`, `wed`, `mon-fri`, `first tue`, `last fri`, `15th`, `last day`; one or several.",
        "fields": "The fields of the ticket; their texts read `now`.",
        "if_closed": "Open it as soon as the calendar opens (`later`), or not this time (`skip`).",
        "months": "The months it is for; left out: all.",
    },
    "Table": {
        "columns": "What a row gives, by name.",
        "rows": "The rows, from top to bottom: the first that fits gives its columns.",
    },
    "Library": {"kind": "Says that this file is a library."},
    "FieldDef": {
        "default": "The value when nobody gives one: a value, or `{{ an expression }}`.",
        "max": "The largest number; the longest text; the most entries.",
        "min": "The smallest number; the shortest text; the fewest entries.",
        "options": "What can be chosen: a list, or names with labels.",
        "pattern": "A regular expression that the whole text has to fit.",
        "type": "What it holds.",
    },
    "Cell": {
        "max": "The largest number, or the longest text.",
        "min": "The smallest number, or the shortest text.",
        "options": "What can be chosen: a list, or names with labels.",
        "pattern": "A regular expression that the whole text has to fit.",
        "type": "What it holds.",
    },
    "Column": {"required": "No row may leave it empty."},
    "Must": {"if": "What must be true."},
    "FormEntry": {"required": "It may not be left empty."},
    "Priority": {
        "adjust": "Reasons to raise it, from top to bottom.",
        "columns": "The choice field of the columns.",
        "levels": "The priorities, the highest first.",
        "matrix": "The level for each row and column.",
        "may_override": "Who may set another one.",
        "rows": "The choice field of the rows.",
    },
    "Adjust": {
        "at_least": "The level that it is raised to.",
        "because": "The reason people see.",
        "raise_by": "By so many levels.",
    },
    "Escalation": {
        "repeat": "How often the whole chain is run again.",
        "steps": "Who is called, one after the other.",
        "until": "Nobody is called any more when this holds.",
    },
    "EscStep": {
        "channels": "How they are called: channels, or channels by priority.",
        "message": "What they are told; left out: the ticket's number and title.",
        "page": "Who is called.",
        "wait": "How long an answer is waited for before the next step.",
    },
    "Effect": {
        "assign": "Give the ticket to a team or a person.",
        "comment": "Write a comment.",
        "convert": "Go on as a ticket of another process.",
        "create": "Open a ticket of another process.",
        "escalate": "Start an escalation.",
        "link": "Link tickets.",
        "move_links": "Hand linked tickets to another ticket.",
        "notify": "Write to people.",
        "page": "Call people who must act now.",
        "raise": "Raise an event of your own; transitions and clocks hear it as `raised.<name>`.",
        "request_approval": "Ask for an approval.",
        "run": "Start tasks.",
        "set": "Set fields.",
        "stand_down": "End an escalation.",
        "tell": "Send a message to linked tickets.",
        "unlink": "Let go of linked tickets.",
    },
    "Notify": {
        "template": "The notification.",
        "to": "Who gets it, instead of those it names.",
    },
    "Page": {
        "channels": "How they are called: channels, or channels by priority.",
        "message": "What they are told; left out: the ticket's number and title.",
        "who": "Who is called.",
    },
    "Assign": {
        "person": "The person.",
        "pick": "How somebody of the team is found.",
        "skills": "What whoever is picked has to know.",
        "team": "The team.",
    },
    "Comment": {"internal": "The requester does not see it.", "text": "What is written."},
    "CreateTicket": {
        "fields": "Values of the new ticket.",
        "link": "How the two tickets are tied together.",
        "process": "The process of the new ticket.",
    },
    "Convert": {
        "clocks": "Clocks of the new ticket that count what clocks of this one have counted: `new: old`.",
        "fields": "Values of the new ticket.",
        "keep": "What goes along besides the fields: `comments`.",
        "link": "How the two tickets are tied together.",
        "process": "The process of the new ticket.",
        "to": "The state in which this ticket ends, when the new one is open.",
    },
    "Escalate": {"chain": "The escalation."},
    "LinkTickets": {
        "from": "The link that names the tickets, or `sender`: who sent the message. Left out: those linked already.",
        "link": "How they are tied to this ticket from now on.",
    },
    "Unlink": {"link": "Tickets linked in this way are let go."},
    "MoveLinks": {
        "link": "Tickets linked in this way are handed over.",
        "to": "The link that names the ticket that gets them.",
    },
    "Tell": {
        "link": "Tickets linked in this way are told.",
        "message": "The message, which their process declares.",
        "with": "What the message says.",
    },
    "Approval": {
        "skip": "Cases that need nobody, the first that fits.",
        "stages": "Who is asked, one stage after the other.",
        "void_if_changed": "Fields that people agree to: a change of one makes the approval lapse.",
    },
    "Answer": {
        "ask": "What this answer asks for.",
        "comment": "Whether it has to be explained.",
    },
    "IfNobody": {"decide": "The decision that is taken then."},
    "Quorum": {
        "approve": "How many: `any`, `all`, `first` (the first answer decides), a number, a share such as `60%`."
    },
    "Weight": {"weight": "How many votes each of them has.", "who": "Whose votes."},
    "Skip": {"because": "The reason that is written down.", "decide": "The decision."},
    "Stage": {
        "approvers": "Who is asked.",
        "ask": "What they fill in with their answer.",
        "delegate": "Whether somebody who is away is stood in for.",
        "exclude": "Who may not decide here, even if asked; the requester, when left out.",
        "id": "Its name.",
        "quorum": "How many have to agree.",
        "remind": "How they are reminded.",
        "timeout": "What happens when nobody answers.",
        "veto": "Whose No decides alone.",
        "answers": "What may be answered besides yes and no, and what yes and no ask for.",
        "if_nobody": "When there is nobody: `approve`, `reject` or `{ask: who}`; left out: it is rejected.",
        "timeouts": "Several of them, each counted from when the stage was opened.",
        "weights": "Votes that count more than one.",
    },
    "Remind": {"every": "How long between two reminders."},
    "Timeout": {
        "after": "How long an answer is waited for.",
        "decide": "The decision that is taken then.",
        "do": "What is done then.",
    },
    "TicketTask": {
        "fields": "Values for the form that opens it; the requester is that of this ticket unless given.",
        "link": "The link between the two.",
        "process": "The process of that ticket.",
    },
    "Create": {"check": "Outside facts that are looked up before."},
    "Parallel": {"parallel": "The stages."},
    "Task": {
        "ask": "What is filled in when it is completed.",
        "assign": "Who does it.",
        "email": "A notification that is sent.",
        "hand_over_to": "Who takes over when it fails.",
        "http": "A call to another system.",
        "if": "Left out when this does not hold.",
        "if_fails": "What becomes of the ticket when it fails for good.",
        "needs": "Tasks that have to be done before.",
        "overdue": "What happens when it was not done in time.",
        "remind": "When its people are reminded of it.",
        "retry": "How often it is tried again.",
        "save": "Fields that take something from the answer.",
        "script": "An activity of your installation.",
        "timeout": "How long an answer is waited for.",
        "wait": "Nothing but time.",
    },
    "AdhocTasks": {
        "overdue": "What happens when one was not done in time.",
        "remind": "When the people of one are reminded of it.",
        "who": "Who may add one, and cancel it.",
    },
    "TaskRemind": {"times": "How often at most."},
    "TaskOverdue": {"do": "What is done when it was not done in time.", "times": "How often at most, in all."},
    "When": {"after": "So long afterwards.", "at": "At this moment; when it moves, so does what waits for it."},
    "Http": {
        "body": "What is sent, as JSON.",
        "expect": "Status codes that mean success.",
        "headers": "Headers of the call.",
        "method": "The verb of HTTP.",
        "secret": "The name of a secret of your installation, never the secret itself.",
        "url": "The address.",
    },
    "Email": {"template": "The notification.", "to": "Who gets it."},
    "Script": {"name": "Its registered name.", "with": "What it is given."},
    "Wait": {"for": "So long.", "until": "Until this moment; when it moves, so does the wait."},
    "Retry": {
        "factor": "Each wait is so much longer than the one before.",
        "max_wait": "No wait is longer than this.",
        "times": "How often, after the first time.",
        "wait": "How long is waited before the first retry.",
    },
    "Notification": {
        "body": "What is written.",
        "channels": "How it reaches people.",
        "subject": "Its first line.",
        "to": "Who gets it.",
    },
    "CalendarDef": {
        "closed": "Dates on which it is closed, with the reason.",
        "holidays": "The country whose public holidays close it, and whose make-up working days open it.",
        "open": "Dates with hours of their own.",
        "time_zone": "Where it is, such as `Asia/Shanghai`.",
        "week": "Hours by day: `mon-fri: 09:00-12:00, 13:00-18:00`, `24h`, `closed`.",
    },
    "HolidaysOf": {
        "country": "Its code, such as `DE`.",
        "subdivision": "A part of it with holidays of its own, such as `BE`.",
    },
    "Agreement": {"targets": "What is promised instead, by `process.clock`."},
    "AgreedTarget": {
        "calendar": "Instead of the clock's own.",
        "target": "Instead of the clock's own.",
    },
    "Window": {
        "allow_if": "Allowed nevertheless when this holds.",
        "approvers": "For them it does not count: what they submit is let through.",
        "end": "When it ends: a date and time, or such as `sun 06:00`; a day counts to its end.",
        "start": "When it begins: a date and time, or such as `sat 22:00`.",
        "time_zone": "Where these times are read.",
    },
    "State": {
        "category": "What it means to everybody else.",
        "enter": "What happens when a ticket comes here.",
        "leave": "What happens when it leaves.",
    },
    "StateFields": {
        "hide": "Nobody sees them.",
        "lock": "Nobody edits them.",
        "require": "Nobody leaves them empty.",
    },
    "Transition": {
        "after": "So long after the state was entered, by itself.",
        "ask": "What is asked of whoever presses the button.",
        "at": "At this moment, by itself.",
        "check": "What is looked up outside before it may be taken.",
        "do": "What happens on the way.",
        "from": "Where it can be taken.",
        "if": "It can be taken only when this holds, with the new values in place.",
    },
    "Branch": {"state": "Where it leads."},
    "Clock": {
        "at": "What happens on the way: `50%`, `30m left`, `100%`, and after the end.",
        "by": "The choice field that target and calendar depend on.",
        "calendar": "The hours in which it counts: one calendar, or one for each value.",
        "kind": "To whom it is a promise: the requester, between teams, or from a supplier.",
        "overdue": "What is repeated after the deadline.",
        "pause": "It stands still while this is so.",
        "start": "It begins; left out: when the ticket is opened.",
        "stop": "It ends.",
        "target": "How long it may take: one length, or one for each value.",
    },
    "Aim": {"target": "A length of time.", "until": "A moment."},
    "Condition": {
        "in": "In these states.",
        "when": "When this happened.",
    },
    "Start": {"at": "It counts from this moment."},
    "Threshold": {
        "after": "So much over the target.",
        "do": "What happens.",
        "label": "How it is written.",
        "left": "So much before the end.",
        "percent": "The share of the target.",
    },
    "Overdue": {
        "do": "What happens.",
        "every": "How long between two times, in the clock's calendar.",
        "times": "How often at most.",
    },
    "Route": {
        "pick": "How somebody of the team is found.",
        "skills": "What whoever is picked has to know.",
        "team": "The team.",
    },
    "Risk": {
        "levels": "Names with the points from which they apply, or with those and a label.",
        "score": "What makes it dangerous; the points of all lines that hold add up.",
    },
    "RiskLevel": {"from": "From so many points on.", "label": "What people call it."},
    "RiskRow": {"add": "So many points.", "because": "The reason people see."},
    "Permission": {
        "can": "What they may do.",
        "edit": "Fields they may change; `all` for all.",
        "hide": "Fields they do not see, whatever other lines say.",
        "in": "In these states; left out: in all.",
        "who": "Who.",
    },
    "Link": {
        "inverse": "How the other ticket calls it.",
        "many": "Whether there can be several.",
        "process": "Which processes can be at the other end.",
    },
    "Message": {
        "fields": "What it says, by name and type.",
        "from": "Who may send it.",
    },
    "Migrate": {
        "approvals": "What becomes of approvals under way that have changed.",
        "clocks": "What clocks of the old version are called now.",
        "fields": "New values; `old` reads the values before.",
        "from": "The version they come from.",
        "note": "What is written into the journal.",
        "states": "Where each state of the old version leads.",
        "tasks": "What tasks of the old version are called now.",
    },
    "TestsFile": {
        "cases": "The stories.",
        "given": "The world in which they play.",
        "kind": "Says that this file holds tests.",
        "lang": "The version of the language.",
        "process": "The file of the process under test.",
    },
    "World": {
        "assets": "Assets, by id.",
        "checks": "What `check` finds, by its name.",
        "groups": "Groups, with their people.",
        "http": "What calls answer, by the name of their task: `{status: 500}`, `{body: …}`.",
        "leads": "Teams, with who leads them.",
        "on_call": "Teams and rotas, with who is on call.",
        "people": "People, by id.",
        "scripts": "What scripts answer, by the name of their task; `{fails: why}` for one that fails.",
        "services": "Services, by id.",
        "time_zone": "Where the times of the cases are read.",
    },
    "Answers": {
        "checks": "What `check` finds, by its name.",
        "http": "What calls answer, by the name of their task: `{status: 500}`, `{body: …}`.",
        "scripts": "What scripts answer, by the name of their task; `{fails: why}` for one that fails.",
    },
    "Delegation": {"from": "From then on.", "to": "Who decides.", "until": "Until then."},
    "Person": {
        "away": "Whether they are away.",
        "locale": "Their language.",
        "manager": "Who their manager is.",
        "name": "Their full name.",
        "roles": "Their roles.",
        "teams": "Their teams.",
        "vip": "Whether they are a VIP.",
        "delegates": "Who decides in their place, for some time.",
    },
    "Case": {
        "name": "What it shows, as a sentence.",
        "starts": "When it begins.",
        "steps": "What happens, one after the other.",
    },
    "Step": {
        "approve": "Say yes in this stage.",
        "as": "Who does it.",
        "at": "Let time come to this moment: `18:21`, or with a date.",
        "complete": "Complete this task.",
        "create": "Open the ticket, with these values.",
        "do": "Press this button.",
        "edit": "Change these fields.",
        "expect": "What must hold then.",
        "fail": "Say that this task cannot be done.",
        "message": "Send this message.",
        "reject": "Say no in this stage.",
        "reply": "Write this to everybody.",
        "wait": "Let so much time pass.",
        "with": "What the form is filled in with.",
    },
    "Expect": {
        "approval": "Approvals and what was decided.",
        "clocks": "Clocks: `due`, `elapsed`, `running`, `paused`, `breached`.",
        "commented": "Exactly the comments that rules wrote since the step before: a part of each text.",
        "created": "Tickets that were opened, since the step before.",
        "fields": "Values of fields.",
        "if": "A condition that holds.",
        "may": "People, with exactly the buttons they have.",
        "not_paged": "Who was not called.",
        "notified": "Exactly the notifications sent since the step before; `{name: people}` also says to whom.",
        "paged": "Exactly who was called, since the step before.",
        "refused": "What was tried was refused, with these words in the reason.",
        "state": "Where the ticket is.",
        "tasks": "Tasks: `open`, `done`, `waiting`, `failed` …; `{state, due, outcome}` says more.",
        "told": "Messages that were sent to other tickets, since the step before.",
        "waiting_for": "Exactly those whose answer is waited for.",
    },
    "ExpectComment": {
        "internal": "Whether only those who work on the ticket read it; left out: either.",
        "text": "A part of it, in any of its languages.",
    },
    "ExpectTask": {
        "due": "When it is due, such as `2026-11-27 18:00`.",
        "outcome": "How whoever did it said it came out.",
        "state": "Where it is: `waiting`, `open`, `running`, `done`, `failed`, `skipped`, `cancelled`, `not started`.",
    },
}  # fmt: skip


def description_of(model: type[BaseModel], name: str) -> str:
    """What a key of a model means; empty when nobody has said it. `name` as Python knows it (`if_`)."""
    field = model.model_fields[name]
    if field.description:
        return field.description
    key = name.rstrip("_")
    for one in model.__mro__:
        if key in OF_MODELS.get(one.__name__, {}):
            return OF_MODELS[one.__name__][key]
    return EVERYWHERE.get(key, "")


def models_of(model: type[BaseModel]) -> list[type[BaseModel]]:
    """A model and those inside it, in the order in which they are met."""
    found = [model]
    for one in found:
        for info in one.model_fields.values():
            found += [part for part in dict.fromkeys(_models_in(info.annotation)) if part not in found]
    return found


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)
