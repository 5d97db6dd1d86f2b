//! Rows that repeat one of the last million: a log that was exported twice, or a request that was logged twice.
//!
//! Looking each row up at once would miss the cache several times a row. So fingerprints are gathered in blocks as long as the
//! distance that counts, each block is dealt into small hands by fingerprint, and equal ones are looked for hand by hand, against
//! the block before too.

/// How many rows back a repeated one is found.
pub const WITHIN: usize = 1 << PLACE_BITS;
const PLACE_BITS: u32 = 20;
const HANDS_BITS: u32 = 12;
const HANDS: usize = 1 << HANDS_BITS;

/// Fingerprints of the last rows, the newest block as they came, the one before it dealt.
#[derive(Default)]
pub struct Repeated {
    block: Vec<u64>,
    before: Dealt,
    free: Dealt,
    rows: u64,
}

/// A block by hands: the first bits of a fingerprint are its hand, the others stand above the place that it has in its block.
#[derive(Default)]
struct Dealt {
    cards: Vec<u64>,
    /// Where each hand starts, and where the last one ends; empty: there is no block.
    starts: Vec<u32>,
}

impl Repeated {
    /// Looks at a row's id, or at the whole row.
    #[inline]
    pub fn look(&mut self, row: &[u8]) {
        self.block.push(fingerprint(row));
        if self.block.len() == WITHIN {
            self.deal();
        }
    }

    /// How many rows repeated one of the last; after it no further row is looked at.
    pub fn rows(&mut self) -> u64 {
        self.deal();
        self.rows
    }

    /// Deals the block, counts what is repeated in it, and makes it the one before.
    fn deal(&mut self) {
        let mut now = std::mem::take(&mut self.free);
        now.deal(&self.block);
        self.block.clear();
        let mut places: Vec<u32> = Vec::new();
        for hand in 0..HANDS {
            self.rows += repeated(self.before.hand(hand), now.hand(hand), &mut places);
        }
        self.free = std::mem::replace(&mut self.before, now);
    }
}

impl Dealt {
    fn deal(&mut self, block: &[u64]) {
        self.starts.clear();
        self.starts.resize(HANDS + 1, 0);
        for print in block {
            self.starts[hand(*print) + 1] += 1;
        }
        for i in 0..HANDS {
            self.starts[i + 1] += self.starts[i];
        }
        let mut next = self.starts.clone();
        self.cards.resize(block.len(), 0);
        for (place, print) in block.iter().enumerate() {
            let card = &mut next[hand(*print)];
            self.cards[*card as usize] = (print << HANDS_BITS >> PLACE_BITS << PLACE_BITS) | place as u64;
            *card += 1;
        }
    }

    fn hand(&self, hand: usize) -> &[u64] {
        if self.starts.is_empty() { &[] } else { &self.cards[self.starts[hand] as usize..self.starts[hand + 1] as usize] }
    }
}

/// Cards of a hand that equal an earlier one, at most `WITHIN` places before.
fn repeated(before: &[u64], now: &[u64], table: &mut Vec<u32>) -> u64 {
    let slots = (2 * (before.len() + now.len())).next_power_of_two().max(2);
    table.clear();
    table.resize(slots, 0);
    let card = |place: u32| if (place as usize) < before.len() { before[place as usize] } else { now[place as usize - before.len()] };
    let mut rows = 0;
    for place in 0..(before.len() + now.len()) as u32 {
        let own = card(place);
        let mut slot = (own >> PLACE_BITS) as usize % slots;
        loop {
            let there = table[slot];
            if there == 0 {
                break;
            }
            let other = card(there - 1);
            if other >> PLACE_BITS == own >> PLACE_BITS {
                let both_now = there as usize > before.len();
                let in_reach = both_now || other as usize % WITHIN >= own as usize % WITHIN;
                rows += u64::from(place as usize >= before.len() && in_reach);
                break;
            }
            slot = (slot + 1) % slots;
        }
        table[slot] = place + 1;
    }
    rows
}

fn hand(print: u64) -> usize {
    (print >> (64 - HANDS_BITS)) as usize
}

/// 64 bits on every machine: a hash of the standard kind has only 32 in WASM, and a million of those collide.
#[inline]
fn fingerprint(row: &[u8]) -> u64 {
    let mix = |print: u64, part: u64| {
        let mixed = (print ^ part).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        mixed ^ (mixed >> 29)
    };
    let mut print = row.len() as u64;
    let mut parts = row.chunks_exact(8);
    for part in &mut parts {
        print = mix(print, part.iter().rev().fold(0, |all, &byte| all << 8 | u64::from(byte)));
    }
    print = mix(print, parts.remainder().iter().rev().fold(0, |all, &byte| all << 8 | u64::from(byte)));
    mix(print, 0xD6E8_FEB8_6659_FD93)
}
