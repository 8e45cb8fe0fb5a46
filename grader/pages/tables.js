/* Sorting and filtering of tables: an extra. Every page is whole without it, and it works from disk. */
(function () {
  "use strict";

  function label(cell) {
    return cell.hasAttribute("data-sort") ? cell.getAttribute("data-sort") : cell.textContent.trim();
  }

  function compare(one, other) {
    var a = Number(one), b = Number(other);
    if (one !== "" && other !== "" && !isNaN(a) && !isNaN(b)) { return a - b; }
    return one.localeCompare(other, "en-GB", { numeric: true });
  }

  function sort(table, heading, column, says) {
    var up = heading.getAttribute("aria-sort") !== "ascending";
    var rows = Array.prototype.slice.call(table.tBodies[0].rows);
    rows.sort(function (one, other) {
      var a = label(one.cells[column]), b = label(other.cells[column]);
      if (a === "" || b === "") { return (a === "") - (b === ""); } /* the unknown stay last */
      return up ? compare(a, b) : compare(b, a);
    });
    rows.forEach(function (row) { table.tBodies[0].appendChild(row); });
    Array.prototype.forEach.call(table.tHead.rows[0].cells, function (cell) {
      cell.removeAttribute("aria-sort");
    });
    heading.setAttribute("aria-sort", up ? "ascending" : "descending");
    says.textContent = "Sorted by " + heading.textContent.trim() + (up ? ", ascending" : ", descending");
  }

  function filter(table, words, says) {
    var shown = 0;
    Array.prototype.forEach.call(table.tBodies[0].rows, function (row) {
      row.hidden = row.textContent.toLowerCase().indexOf(words.trim().toLowerCase()) < 0;
      shown += row.hidden ? 0 : 1;
    });
    says.textContent = shown + " of " + table.tBodies[0].rows.length + " rows shown";
  }

  function tools(table, number) {
    var says = document.createElement("p"), box = document.createElement("div");
    says.className = "govuk-visually-hidden";
    says.setAttribute("role", "status");
    box.className = "table-tools";
    var words = document.createElement("label"), input = document.createElement("input");
    words.textContent = "Show only rows with";
    words.htmlFor = input.id = "filter-" + number;
    input.type = "search";
    input.addEventListener("input", function () { filter(table, input.value, says); });
    box.append(words, input);
    table.before(box, says);
    table.classList.add("can-sort");
    Array.prototype.forEach.call(table.tHead.rows[0].cells, function (heading, column) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      while (heading.firstChild) { button.appendChild(heading.firstChild); }
      button.addEventListener("click", function () { sort(table, heading, column, says); });
      heading.appendChild(button);
    });
  }

  Array.prototype.forEach.call(document.querySelectorAll("table[data-sortable]"), tools);
})();
