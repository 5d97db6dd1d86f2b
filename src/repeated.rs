//! Rows that repeat one of the last million: a log that was exported twice, or a request that was logged twice.

/// How many rows back a repeated one is found.
pub const WITHIN: usize = 1 << POSITION_BITS;
const POSITION_BITS: u32 = 20;
const SLOT_BITS: u32 = 21;
const SLOTS: usize = 1 << SLOT_BITS;
const EMPTY: u64 = u64::MAX;
const POSITION: u64 = (1 << POSITION_BITS) - 1;

/// The fingerprints of the last rows: a ring, and a table of where each stands in it.
///
/// An entry of the table is the upper part of a fingerprint and the position in the ring: most questions are answered by one
/// look into the table. Rows are looked up many at a time, so that the machine can wait for many places in memory at once.
pub struct Repeated {
    waiting: Vec<u64>,
    ring: Vec<u64>,
    next: usize,
    table: Vec<u64>,
    rows: u64,
    touched: u64,
}

/// Rows that are looked up at a time.
const BATCH: usize = 256;

impl Default for Repeated {
    fn default() -> Self {
        Repeated { waiting: Vec::with_capacity(BATCH), ring: Vec::new(), next: 0, table: vec![EMPTY; SLOTS], rows: 0, touched: 0 }
    }
}

impl Repeated {
    /// Looks at a row's id, or at the whole row.
    #[inline]
    pub fn look(&mut self, row: &[u8]) {
        self.waiting.push(fingerprint(row));
        if self.waiting.len() == BATCH {
            self.look_up();
        }
    }

    /// Rows that repeated one of the last before them.
    pub fn rows(&mut self) -> u64 {
        self.look_up();
        self.rows
    }

    fn look_up(&mut self) {
        let mut waiting = std::mem::take(&mut self.waiting);
        // Nothing depends on these: all of them are fetched while the first is on its way.
        let leaving = if self.ring.len() == WITHIN { waiting.len() } else { 0 };
        let leaving = (0..leaving).map(|i| self.ring[(self.next + i) % WITHIN]);
        self.touched = waiting.iter().copied().chain(leaving).fold(self.touched, |all, print| all ^ self.table[home(print)]);
        for print in waiting.drain(..) {
            self.enter(print);
        }
        self.waiting = waiting;
    }

    fn enter(&mut self, print: u64) {
        if let Some(earlier) = self.find(print) {
            // The later one stands for both.
            self.rows += 1;
            self.forget(earlier);
        }
        if self.ring.len() == WITHIN {
            self.forget(self.ring[self.next] & !POSITION | self.next as u64);
            self.ring[self.next] = print;
        } else {
            self.ring.push(print);
        }
        let mut slot = home(print);
        while self.table[slot] != EMPTY {
            slot = (slot + 1) % SLOTS;
        }
        self.table[slot] = print & !POSITION | self.next as u64;
        self.next = (self.next + 1) % WITHIN;
    }

    fn find(&self, print: u64) -> Option<u64> {
        let mut slot = home(print);
        while self.table[slot] != EMPTY {
            let entry = self.table[slot];
            if (entry ^ print) & !POSITION == 0 && self.ring[(entry & POSITION) as usize] == print {
                return Some(entry);
            }
            slot = (slot + 1) % SLOTS;
        }
        None
    }

    /// Takes an entry out of the table, if it is there.
    fn forget(&mut self, entry: u64) {
        let mut gap = home(entry);
        while self.table[gap] != entry {
            if self.table[gap] == EMPTY {
                return;
            }
            gap = (gap + 1) % SLOTS;
        }
        // What was pushed on by the one that goes moves back.
        let mut slot = (gap + 1) % SLOTS;
        while self.table[slot] != EMPTY {
            let wanted = home(self.table[slot]);
            if (slot + SLOTS - wanted) % SLOTS >= (slot + SLOTS - gap) % SLOTS {
                self.table[gap] = self.table[slot];
                gap = slot;
            }
            slot = (slot + 1) % SLOTS;
        }
        self.table[gap] = EMPTY;
    }
}

fn home(print: u64) -> usize {
    (print >> (63 - SLOT_BITS)) as usize % SLOTS
}

/// 63 bits that are hardly ever the same for two rows: words of eight bytes, each multiplied in.
fn fingerprint(row: &[u8]) -> u64 {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let (words, rest) = row.as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let mut print = row.len() as u64;
    for word in words.iter().chain([&last]) {
        print = (print.rotate_left(23) ^ u64::from_le_bytes(*word)).wrapping_mul(FACTOR);
    }
    (print ^ print >> 32).wrapping_mul(FACTOR) >> 1
}
