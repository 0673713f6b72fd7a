// Choosing people: find a name while typing, tick a whole group at once, count who is ticked.
// Without it the same boxes are there; quick picks are then expanded when the form is sent.
"use strict";

for (const area of document.querySelectorAll("[data-people]")) {
  const names = [...area.querySelectorAll(".names label")];
  const boxes = names.map((name) => name.querySelector("input[type=checkbox]"));
  const find = area.querySelector("[data-people-find]");
  const count = area.querySelector("[data-people-count]");

  const say = () => {
    if (count) count.textContent = `(${boxes.filter((box) => box.checked).length} chosen)`;
  };

  find.hidden = false;
  find.addEventListener("input", (event) => {
    const words = event.target.value.toLocaleLowerCase("en-GB").split(/\s+/);
    for (const name of names) {
      const text = name.textContent.toLocaleLowerCase("en-GB");
      name.hidden = !words.every((word) => text.includes(word));
    }
  });
  find.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault(); // it searches, it does not send the form
  });

  area.addEventListener("change", (event) => {
    const { target } = event;
    if (target.name === "picks") {
      for (const box of boxes) {
        if (box.dataset.in.split(" ").includes(target.value)) box.checked = target.checked;
      }
    } else if (target.name === "people" && !target.checked) {
      // Somebody left out of a group: the group is no longer all in.
      for (const pick of area.querySelectorAll("input[name=picks]:checked")) {
        if (target.dataset.in.split(" ").includes(pick.value)) pick.checked = false;
      }
    }
    say();
  });
  say();
}
