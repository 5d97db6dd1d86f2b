//! Seeded chance, and the stretch of time that one scenario plays in.

use crate::clock::{self, Clock, DAY, HOUR};

pub struct Dice {
    rng: fastrand::Rng,
}

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice { rng: fastrand::Rng::with_seed(seed) }
    }

    /// True in so many of a hundred.
    pub fn chance(&mut self, percent: u32) -> bool {
        self.rng.u32(0..100) < percent
    }

    /// Both ends included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        self.rng.i64(low..=high)
    }

    pub fn count(&mut self, low: u64, high: u64) -> u64 {
        self.rng.u64(low..=high)
    }

    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.rng.usize(0..list.len())]
    }

    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        self.rng.shuffle(list);
    }

    /// A price with up to ten decimals; now and then with zeros at its end, or zero.
    pub fn price(&mut self, whole_up_to: u64) -> String {
        let whole = self.count(0, whole_up_to);
        let decimals = *self.pick(&[0, 1, 2, 2, 3, 4, 4, 5, 8, 10]);
        if decimals == 0 {
            return whole.to_string();
        }
        let digits: String = (0..decimals).map(|_| self.rng.digit(10)).collect();
        format!("{whole}.{digits}")
    }
}

pub struct Frame {
    pub clock: Clock,
    /// Start of the first month.
    pub start: i64,
    /// Start of the month after the last.
    pub end: i64,
    /// Instants that things like to happen at.
    pub anchors: Vec<i64>,
}

impl Frame {
    pub fn new(dice: &mut Dice) -> Frame {
        let offset = *dice.pick(&["+08:00", "+08:00", "+08:00", "+08:00", "+08:00", "+08:00", "+00:00", "-05:00", "+09:00", "+05:30"]);
        let first = (2023 * 12 + dice.between(0, 35)) as i32;
        let months = dice.between(2, 4) as i32;
        let (start, end) = (clock::month_start(first), clock::month_start(first + months));
        let mut frame = Frame { clock: Clock { offset: clock::offset(offset) }, start, end, anchors: Vec::new() };
        for _ in 0..6 {
            let anchor = frame.any(dice);
            frame.anchors.push(anchor);
        }
        frame
    }

    /// Some instant: any second, a full hour, an hour's half and half a minute, or the last days of a month.
    pub fn any(&self, dice: &mut Dice) -> i64 {
        let at = dice.between(self.start, self.end - 1);
        match dice.between(0, 7) {
            0 => at / HOUR * HOUR,
            1 => at / HOUR * HOUR + 1830,
            2 => at / DAY * DAY,
            3 => clock::month_start(clock::month(at) + 1) - dice.between(1, 3 * DAY),
            4 => clock::month_start(clock::month(at)),
            _ => at,
        }
    }

    pub fn anchor(&self, dice: &mut Dice) -> i64 {
        if dice.chance(70) { *dice.pick(&self.anchors) } else { self.any(dice) }
    }
}
