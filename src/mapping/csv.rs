//! Lines of a CSV file (RFC 4180) that spreadsheets open without running anything.

/// One line with its line end. Cells are quoted; a cell a spreadsheet would take for a formula gets an apostrophe in
/// front (OWASP, "CSV injection").
pub fn csv_line<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let mut line = String::new();
    for (i, cell) in cells.into_iter().enumerate() {
        if i > 0 {
            line.push(',');
        }
        line.push('"');
        // Spreadsheets pass over leading blanks before they look for a formula.
        if cell.trim_start().starts_with(['=', '+', '-', '@']) || cell.starts_with(['\t', '\r', '\n']) {
            line.push('\'');
        }
        line.push_str(&cell.replace('"', "\"\""));
        line.push('"');
    }
    line.push_str("\r\n");
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_text() {
        assert_eq!(
            csv_line(["=1+1", "a\"b", "@x", " +1", "x=1"]),
            "\"'=1+1\",\"a\"\"b\",\"'@x\",\"' +1\",\"x=1\"\r\n"
        );
    }
}
