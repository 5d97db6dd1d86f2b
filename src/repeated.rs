//! Rows that repeat one of the last million: a log that was exported twice, or a request that was logged twice.

use rustc_hash::FxHasher;
use std::hash::Hasher;

/// How many rows back a repeated one is found.
pub const WITHIN: usize = 1 << 20;
const SLOTS: usize = 2 * WITHIN;
const EMPTY: u32 = u32::MAX;

/// The fingerprints of the last rows: a ring, and a table of where each stands in it.
pub struct Repeated {
    ring: Vec<u64>,
    next: usize,
    table: Vec<u32>,
    /// Rows that repeated one of the last.
    pub rows: u64,
}

impl Default for Repeated {
    fn default() -> Self {
        Repeated { ring: Vec::new(), next: 0, table: vec![EMPTY; SLOTS], rows: 0 }
    }
}

impl Repeated {
    /// Looks at a row's id, or at the whole row.
    #[inline]
    pub fn look(&mut self, row: &[u8]) {
        let mut hasher = FxHasher::default();
        hasher.write(row);
        let print = hasher.finish();
        if self.ring.len() == WITHIN {
            self.forget(self.next);
            self.ring[self.next] = print;
        } else {
            self.ring.push(print);
        }
        let mut slot = home(print);
        while self.table[slot] != EMPTY {
            if self.ring[self.table[slot] as usize] == print {
                // The later one stands for both.
                self.rows += 1;
                break;
            }
            slot = (slot + 1) % SLOTS;
        }
        self.table[slot] = self.next as u32;
        self.next = (self.next + 1) % WITHIN;
    }

    /// Takes the oldest fingerprint out of the table, unless a later one took its place.
    fn forget(&mut self, oldest: usize) {
        let mut gap = home(self.ring[oldest]);
        while self.table[gap] != oldest as u32 {
            if self.table[gap] == EMPTY {
                return;
            }
            gap = (gap + 1) % SLOTS;
        }
        // What was pushed on by the one that goes moves back.
        let mut slot = (gap + 1) % SLOTS;
        while self.table[slot] != EMPTY {
            let wanted = home(self.ring[self.table[slot] as usize]);
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
    (print.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 43) as usize % SLOTS
}
