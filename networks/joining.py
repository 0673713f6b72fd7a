"""What a school asks itself before it joins a network, and what it does to arrive in one."""

from __future__ import annotations

from networks.propositions import Prompt

# What a network could give that a school cannot do alone, beside what it takes.
GAINS = (
    Prompt("specialists", "Which specialists would we reach that we do not have?"),
    Prompt("colleagues", "Who here works alone, and would find others in the same post?"),
    Prompt("courses", "What would we buy together, or stop buying?"),
    Prompt("pupils", "Which of our pupils would gain, and how would we see it?"),
    Prompt("giving", "What could we give, and what would giving it teach us?"),
)

# So that a new school, and whoever is new to it there, knows where things are.
STEPS = (
    Prompt("focus", "Read what pupils, adults and leaders are to learn, and said so to staff"),
    Prompt("contact", "Named who others talk to about CPD, with an address that is read"),
    Prompt("sharing", "Decided what we share, and told staff what is shown and what never is"),
    Prompt("people", "Wrote down who of us does what for the network"),
    Prompt("offers", "Looked through what is open to us and put up one thing of our own"),
    Prompt("meeting", "Came to one meeting of the CPD leaders"),
    Prompt("newcomers", "Put the network into our induction of new colleagues"),
)
