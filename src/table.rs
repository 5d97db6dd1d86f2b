//! Rows for spreadsheets and warehouses: CSV as RFC 4180 has it, in UTF-8, with a header row and CR LF after every row.
//!
//! Always true: no spreadsheet runs a cell as a formula. A text that begins like one is quoted and led by an apostrophe, as OWASP
//! advises; numbers are ours and stay numbers, negative ones too.

use std::fmt::Display;

/// One cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Cell {
    /// Nothing, or not known.
    #[default]
    Empty,
    /// A number, an instant or a word of ours.
    Plain(String),
    /// A text that a person or a catalog wrote.
    Text(String),
}

/// A number, an instant or a word of ours.
pub fn plain(it: impl Display) -> Cell {
    Cell::Plain(it.to_string())
}

/// A text that a person or a catalog wrote.
pub fn text(it: &str) -> Cell {
    Cell::Text(it.to_string())
}

/// Nothing, or what there is.
pub fn maybe<T>(it: Option<T>, cell: impl FnOnce(T) -> Cell) -> Cell {
    it.map_or(Cell::Empty, cell)
}

/// Rows under a header.
#[derive(Clone, Debug)]
pub struct Table(String);

impl Table {
    /// A table without rows.
    pub fn new(header: &[&str]) -> Self {
        let mut table = Table(String::new());
        table.row(header.iter().map(plain));
        table
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        for (i, cell) in cells.into_iter().enumerate() {
            if i > 0 {
                self.0.push(',');
            }
            match cell {
                Cell::Empty => {}
                Cell::Plain(it) => self.quote(&it, ""),
                Cell::Text(it) if runs(&it) => self.quote(&it, "'"),
                Cell::Text(it) => self.quote(&it, ""),
            }
        }
        self.0.push_str("\r\n");
    }

    /// The text, in quotes where it needs them: also where another separator than ours would cut it.
    fn quote(&mut self, it: &str, lead: &str) {
        if lead.is_empty() && !it.contains(['"', ',', ';', '\t', '\r', '\n']) {
            self.0.push_str(it);
        } else {
            self.0.push('"');
            self.0.push_str(lead);
            self.0.push_str(&it.replace('"', "\"\""));
            self.0.push('"');
        }
    }

    /// The whole file.
    pub fn finish(self) -> String {
        self.0
    }
}

/// Whether a spreadsheet could run a text: the characters that OWASP lists, and their full-width forms.
fn runs(it: &str) -> bool {
    it.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}
