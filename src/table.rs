//! Rows for spreadsheets and warehouses: CSV as RFC 4180 has it, in UTF-8, with a header row and CR LF after every row.
//!
//! Always true: no spreadsheet runs a cell as a formula. A text that begins like one is quoted and led by an apostrophe, as OWASP
//! advises; numbers are ours and stay numbers, negative ones too.

use crate::money::Amount;
use std::fmt::Display;

/// Rows under a header, written cell by cell. Nothing is compiled anew for every cell: a file is not worth the download.
#[derive(Clone, Debug)]
pub struct Table {
    text: String,
    /// Whether the next cell is the first of its row.
    first: bool,
}

impl Table {
    /// A table without rows.
    pub fn new(header: &[&str]) -> Self {
        let mut table = Table { text: String::new(), first: true };
        for name in header {
            table.plain(name);
        }
        table.end();
        table
    }

    /// A number, an instant or a word of ours.
    #[inline(never)]
    pub fn plain(&mut self, it: &dyn Display) -> &mut Self {
        self.cell(&it.to_string(), "")
    }

    /// A text that a person or a catalog wrote.
    #[inline(never)]
    pub fn text(&mut self, it: &str) -> &mut Self {
        self.cell(it, if runs(it) { "'" } else { "" })
    }

    /// A text that may be missing.
    #[inline(never)]
    pub fn optional(&mut self, it: &Option<String>) -> &mut Self {
        self.text(it.as_deref().unwrap_or_default())
    }

    /// An amount that may not be known.
    #[inline(never)]
    pub fn amount(&mut self, it: Option<Amount>) -> &mut Self {
        match it {
            Some(it) => self.plain(&it),
            None => self.empty(1),
        }
    }

    /// Cells without anything.
    #[inline(never)]
    pub fn empty(&mut self, cells: usize) -> &mut Self {
        for _ in 0..cells {
            self.cell("", "");
        }
        self
    }

    /// Ends the row.
    pub fn end(&mut self) {
        self.text.push_str("\r\n");
        self.first = true;
    }

    /// In quotes where it needs them: also where another separator than ours would cut it.
    fn cell(&mut self, it: &str, lead: &str) -> &mut Self {
        if !self.first {
            self.text.push(',');
        }
        self.first = false;
        if lead.is_empty() && !it.contains(['"', ',', ';', '\t', '\r', '\n']) {
            self.text.push_str(it);
        } else {
            self.text.push('"');
            self.text.push_str(lead);
            self.text.push_str(&it.replace('"', "\"\""));
            self.text.push('"');
        }
        self
    }

    /// The whole file.
    pub fn finish(self) -> String {
        self.text
    }
}

/// Whether a spreadsheet could run a text: the characters that OWASP lists, and their full-width forms.
fn runs(it: &str) -> bool {
    it.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}
