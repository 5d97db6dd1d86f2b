//! Splits a stream of bytes into records and their fields, however the stream is cut into pieces.
//!
//! Owns lines, quotes and separators. Does not know what fields mean. Memory is bounded: a record longer than [`RECORD_MAX`]
//! is a problem, not a reason to grow.

use crate::error::Code;

/// Bytes of one record, at most.
pub const RECORD_MAX: usize = 1 << 20;

/// One record and its fields.
pub struct Record<'a> {
    /// The line on which it starts, from 1.
    pub line: u64,
    /// Where it starts, in bytes from the start of the file.
    pub offset: u64,
    /// Where the next one starts.
    pub end: u64,
    /// The bytes of the record as they stand in the file.
    pub raw: &'a [u8],
    text: &'a [u8],
    fields: &'a [(u32, u32)],
}

impl<'a> Record<'a> {
    /// How many fields there are.
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// Whether there is no field.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// A field without its quotes; `None` where the record has fewer.
    pub fn field(&self, index: usize) -> Option<&'a [u8]> {
        self.fields.get(index).map(|&(start, end)| &self.text[start as usize..end as usize])
    }
}

/// What comes out of the stream.
pub enum Event<'a> {
    /// A record.
    Record(Record<'a>),
    /// So many lines from this one on are no record.
    Problem {
        /// The first of them, from 1.
        line: u64,
        /// How many.
        lines: u64,
        /// Why.
        code: Code,
    },
}

/// The splitter: what was seen of the stream so far.
pub struct Splitter {
    separator: Option<u8>,
    /// Bytes whose record is not complete.
    pending: Vec<u8>,
    /// Looked at again when there are so many: a quote that never ends is not read over and over.
    retry: usize,
    /// The rest of the line is given up.
    skipping: bool,
    started: bool,
    line: u64,
    offset: u64,
    fields: Vec<(u32, u32)>,
    unquoted: Vec<u8>,
}

/// How far a record was found.
enum Found {
    /// It takes so many bytes, its line end included.
    Complete(usize),
    /// Its end is not there yet; whether it ends inside quotes.
    Incomplete(bool),
}

impl Splitter {
    /// A splitter for a separator, or for the one of comma, semicolon and tab that the first line has most of.
    pub fn new(separator: Option<u8>) -> Self {
        Splitter {
            separator,
            pending: Vec::new(),
            retry: 0,
            skipping: false,
            started: false,
            line: 1,
            offset: 0,
            fields: Vec::new(),
            unquoted: Vec::new(),
        }
    }

    /// The separator, once it is known.
    pub fn separator(&self) -> Option<u8> {
        self.separator
    }

    /// Goes on at another record's start. Lines are counted from there.
    pub fn seek(&mut self, offset: u64) {
        self.pending.clear();
        // At the file's start its byte order mark comes again.
        (self.skipping, self.started, self.offset) = (false, offset > 0, offset);
    }

    /// Takes the next bytes of the stream.
    pub fn push(&mut self, bytes: &[u8], each: &mut impl FnMut(Event<'_>)) {
        let mut rest = bytes;
        while !rest.is_empty() {
            if self.skipping {
                rest = self.skip(rest);
            } else if self.pending.is_empty() && self.separator.is_some() && self.started {
                rest = self.direct(rest, each);
            } else {
                rest = self.assemble(rest, each);
            }
        }
    }

    /// The stream ends: what is pending is the last record, with or without a line end.
    pub fn finish(&mut self, each: &mut impl FnMut(Event<'_>)) {
        if self.pending.is_empty() {
            return;
        }
        self.start();
        let mut last = std::mem::take(&mut self.pending);
        if last.last() != Some(&b'\n') {
            last.push(b'\n');
        }
        self.direct(&last, each);
        if !self.pending.is_empty() {
            let unclosed = std::mem::take(&mut self.pending);
            self.give_up(&unclosed, Code::QuoteUnclosed, each);
        }
    }

    /// The rest of a line that is given up.
    fn skip<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let end = memchr::memchr(b'\n', bytes);
        let taken = end.map_or(bytes.len(), |end| end + 1);
        self.offset += taken as u64;
        if end.is_some() {
            self.line += 1;
            self.skipping = false;
        }
        &bytes[taken..]
    }

    /// Records that lie whole in these bytes; an incomplete one at their end is kept.
    fn direct<'a>(&mut self, mut bytes: &'a [u8], each: &mut impl FnMut(Event<'_>)) -> &'a [u8] {
        while !bytes.is_empty() {
            let within = &bytes[..bytes.len().min(RECORD_MAX)];
            match self.split(within) {
                Found::Complete(length) => {
                    self.emit(&bytes[..length], each);
                    bytes = &bytes[length..];
                }
                Found::Incomplete(quoted) if within.len() == RECORD_MAX => {
                    self.skipping = true;
                    self.give_up(within, if quoted { Code::QuoteUnclosed } else { Code::LineTooLong }, each);
                    return &bytes[RECORD_MAX..];
                }
                Found::Incomplete(quoted) => {
                    self.pending.extend_from_slice(within);
                    self.retry = if quoted { 2 * within.len() } else { 0 };
                    return &[];
                }
            }
        }
        bytes
    }

    /// A record that comes in pieces.
    fn assemble<'a>(&mut self, bytes: &'a [u8], each: &mut impl FnMut(Event<'_>)) -> &'a [u8] {
        let room = RECORD_MAX - self.pending.len();
        let end = memchr::memchr(b'\n', &bytes[..bytes.len().min(room)]);
        let taken = end.map_or(bytes.len().min(room), |end| end + 1);
        self.pending.extend_from_slice(&bytes[..taken]);
        let full = self.pending.len() == RECORD_MAX;
        if full || (end.is_some() && self.pending.len() >= self.retry) {
            self.start();
            let pending = std::mem::take(&mut self.pending);
            self.direct(&pending, each);
        }
        &bytes[taken..]
    }

    /// Before the first record: a byte order mark is no part of it, and its separators say which one is used.
    fn start(&mut self) {
        if std::mem::replace(&mut self.started, true) {
            return;
        }
        if self.pending.starts_with(b"\xEF\xBB\xBF") {
            self.pending.drain(..3);
            self.offset += 3;
        }
        let count = |separator: u8| self.pending.iter().filter(|&&byte| byte == separator).count();
        let most = [b',', b';', b'\t'].into_iter().rev().max_by_key(|&separator| count(separator));
        self.separator = self.separator.or(most);
    }

    #[cold]
    fn give_up(&mut self, bytes: &[u8], code: Code, each: &mut impl FnMut(Event<'_>)) {
        let ends = memchr::memchr_iter(b'\n', bytes).count() as u64;
        // The rest of the last line, if it is given up as well, is counted here.
        each(Event::Problem { line: self.line, lines: (ends + u64::from(self.skipping)).max(1), code });
        self.line += ends;
        self.offset += bytes.len() as u64;
    }

    /// Hands over the record that `split` found: these bytes.
    fn emit(&mut self, raw: &[u8], each: &mut impl FnMut(Event<'_>)) {
        let quoted = !self.unquoted.is_empty();
        let (line, offset) = (self.line, self.offset);
        self.line += if quoted { memchr::memchr_iter(b'\n', raw).count() as u64 } else { 1 };
        self.offset += raw.len() as u64;
        let text = if quoted { &self.unquoted[..] } else { raw };
        // An empty line is no record.
        if self.fields.len() > 1 || self.fields.first().is_some_and(|&(start, end)| start < end) {
            each(Event::Record(Record { line, offset, end: self.offset, raw, text, fields: &self.fields }));
        }
    }

    /// Finds the fields of the first record in these bytes.
    fn split(&mut self, bytes: &[u8]) -> Found {
        let separator = self.separator.unwrap_or(b',');
        self.fields.clear();
        self.unquoted.clear();
        let mut start = 0;
        if bytes.first() == Some(&b'"') {
            return self.split_quoted(bytes);
        }
        for (i, &byte) in bytes.iter().enumerate() {
            if byte == separator {
                self.fields.push((start as u32, i as u32));
                start = i + 1;
                if bytes.get(start) == Some(&b'"') {
                    return self.split_quoted(bytes);
                }
            } else if byte == b'\n' {
                let end = if i > start && bytes[i - 1] == b'\r' { i - 1 } else { i };
                self.fields.push((start as u32, end as u32));
                return Found::Complete(i + 1);
            }
        }
        Found::Incomplete(false)
    }

    /// The same for a record in which a field begins with a quote.
    fn split_quoted(&mut self, bytes: &[u8]) -> Found {
        let mut reader =
            csv_core::ReaderBuilder::new().delimiter(self.separator.unwrap_or(b',')).terminator(csv_core::Terminator::Any(b'\n')).build();
        self.fields.clear();
        self.unquoted.resize(bytes.len().max(1), 0);
        let (mut read, mut written, mut start) = (0, 0, 0);
        loop {
            // Empty input would mean the end of the file.
            if read == bytes.len() {
                return Found::Incomplete(true);
            }
            let (result, more_read, more_written) = reader.read_field(&bytes[read..], &mut self.unquoted[written..]);
            read += more_read;
            written += more_written;
            let csv_core::ReadFieldResult::Field { record_end } = result else { return Found::Incomplete(true) };
            let ends_with_return = record_end && written > start && self.unquoted[written - 1] == b'\r';
            self.fields.push((start as u32, (written - usize::from(ends_with_return)) as u32));
            start = written;
            if record_end {
                return Found::Complete(read);
            }
        }
    }
}
