"""What is said of the three modes, in the same words wherever it is said."""

from audits.models import Round

# Before the first question.
WHO_READS: dict[str, str] = {
    Round.Mode.NAMED: "Named: the headteacher and the CPD leader can read your answers, with your"
    " name, when the audit has closed. Nobody else can. They are destroyed a year after. What shows"
    " a need may be written down as one of yours, which your line manager and whoever leads your"
    " team can read too.",
    Round.Mode.CONFIDENTIAL: "Confidential: only you can read your own answers. The headteacher and"
    " the CPD leader get results of groups of five or more, never yours. Your answers are"
    " destroyed a year after the audit has closed.",
    Round.Mode.ANONYMOUS: "Anonymous: nobody can find out which answers are yours, not even you."
    " Nothing is kept until you send, no time is kept, and you can answer once. Results are of"
    " groups of five or more; if fewer than five answer, all answers are destroyed at the end.",
}
# When a leader chooses.
FOR_LEADERS: dict[str, str] = {
    Round.Mode.NAMED: "You will read answers with names. Right for “what do you need?”, wrong for"
    " “how are we doing?”.",
    Round.Mode.CONFIDENTIAL: "People see their own answers again; you get groups of five or more.",
    Round.Mode.ANONYMOUS: "Nobody can be found, not even by us. From ten people up; each answers"
    " once and cannot change it. If fewer than five answer, nothing is kept.",
}
