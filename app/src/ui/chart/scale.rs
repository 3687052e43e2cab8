//! From figures to places: ticks, and where a value stands. Whole numbers only, so that server and browser agree.

/// Figures are cut to this before they are drawn: far beyond any sum of money, and ticks still fit into 64 bits.
const GREATEST: i64 = 1_000_000_000_000_000_000;
/// Most steps between the lowest and the highest tick.
const MOST_STEPS: i64 = 5;

/// A vertical axis from the lowest to the highest tick; zero is always one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    low: i64,
    high: i64,
    step: i64,
}

impl Scale {
    /// The scale that holds these figures. `least` is the step where all are zero: one of whatever is counted.
    pub fn of(values: impl IntoIterator<Item = i64>, least: i64) -> Self {
        let (low, high) = values.into_iter().fold((0i64, 0i64), |(low, high), value| {
            let value = value.clamp(-GREATEST, GREATEST);
            (low.min(value), high.max(value))
        });
        if low == high {
            return Self { low: 0, high: least.max(1), step: least.max(1) };
        }
        let floor = |step: i64| low.div_euclid(step) * step;
        let ceil = |step: i64| -(-high).div_euclid(step) * step;
        let mut step = 1;
        let mut factors = [2, 5, 10].into_iter().cycle();
        let mut power = 1;
        while (ceil(step) - floor(step)) / step > MOST_STEPS {
            let factor = factors.next().unwrap_or(10);
            step = power * factor;
            if factor == 10 {
                power = step;
            }
        }
        Self { low: floor(step), high: ceil(step), step }
    }

    /// The ticks, from the highest to the lowest.
    pub fn ticks(self) -> Vec<i64> {
        (0..=(self.high - self.low) / self.step).map(|n| self.high - n * self.step).collect()
    }

    /// How far below the highest tick a value stands, in tenths of a pixel of an axis so many pixels high.
    pub fn depth(self, value: i64, height: i64) -> i64 {
        let value = value.clamp(self.low, self.high);
        let (part, whole) = (i128::from(self.high) - i128::from(value), i128::from(self.high - self.low));
        ((part * i128::from(height) * 10 + whole / 2) / whole) as i64
    }
}

/// A part of the width in the writing of SVG: `12.345%`.
pub fn percent(numerator: usize, denominator: usize) -> String {
    let thousandths = numerator as u64 * 100_000 / denominator.max(1) as u64;
    decimal(thousandths / 1000, thousandths % 1000, 3) + "%"
}

/// Tenths of a pixel in the writing of SVG: `12.3`.
pub fn pixels(tenths: i64) -> String {
    let tenths = tenths.max(0) as u64;
    decimal(tenths / 10, tenths % 10, 1)
}

fn decimal(whole: u64, fraction: u64, digits: usize) -> String {
    if fraction == 0 {
        return whole.to_string();
    }
    format!("{whole}.{}", format!("{fraction:0digits$}").trim_end_matches('0'))
}

/// When a label has room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// On any screen.
    Always,
    /// Where the chart is wide.
    Wide,
    /// Nowhere.
    Never,
}

/// Width of a narrow and of a wide drawing in pixels, at the least.
const WIDTHS: [usize; 2] = [240, 520];

/// Pixels that a label of so many characters takes, with the gap to the next.
fn label_width(characters: usize) -> usize {
    characters * 7 + 12
}

/// Which of so many evenly spaced labels have room: every n-th. What a narrow chart shows, a wide one shows too.
pub fn even_room(count: usize, characters: usize) -> Vec<Room> {
    let step = |width: usize| count.div_ceil((width / label_width(characters)).max(1)).max(1);
    let wide = step(WIDTHS[1]);
    let narrow = step(WIDTHS[0]).div_ceil(wide) * wide;
    let room = |i: usize| match (i % narrow, i % wide) {
        (0, _) => Room::Always,
        (_, 0) => Room::Wide,
        _ => Room::Never,
    };
    (0..count).map(room).collect()
}

/// Which labels at these slots (of so many) have room. The last ones go first: the first slot is often the rest of a
/// period, whose label the next one would run into.
pub fn placed_room(at: &[usize], slots: usize, characters: usize) -> Vec<Room> {
    let mut next = [usize::MAX; 2];
    let mut out: Vec<Room> = at
        .iter()
        .rev()
        .map(|slot| {
            let fits =
                [0, 1].map(|i| (next[i] - slot).saturating_mul(WIDTHS[i]) >= label_width(characters) * slots);
            for (next, fits) in next.iter_mut().zip(fits) {
                if fits {
                    *next = *slot;
                }
            }
            match fits {
                [true, true] => Room::Always,
                [_, true] => Room::Wide,
                _ => Room::Never,
            }
        })
        .collect();
    out.reverse();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_hold_zero() {
        for (values, ticks) in [
            (vec![97], vec![100, 80, 60, 40, 20, 0]),
            (vec![100_000], vec![100_000, 80_000, 60_000, 40_000, 20_000, 0]),
            (vec![3], vec![3, 2, 1, 0]),
            (vec![-30, 70], vec![100, 50, 0, -50]),
            (vec![-70], vec![0, -20, -40, -60, -80]),
            (vec![7, 7, 7], vec![8, 6, 4, 2, 0]),
        ] {
            let scale = Scale::of(values.clone(), 1);
            assert_eq!(scale.ticks(), ticks, "{values:?}");
        }
    }

    #[test]
    fn nothing_at_all_has_one_step_of_what_is_counted() {
        assert_eq!(Scale::of([], 100).ticks(), [100, 0]);
        assert_eq!(Scale::of([0, 0], 1).ticks(), [1, 0]);
        assert_eq!(Scale::of([0], 1).depth(0, 200), 2000);
    }

    #[test]
    fn figures_beyond_measure_are_cut_and_still_drawn() {
        let scale = Scale::of([i64::MAX, i64::MIN], 1);
        assert_eq!(
            (scale.depth(i64::MAX, 200), scale.depth(0, 200), scale.depth(i64::MIN, 200)),
            (0, 1000, 2000)
        );
    }

    #[test]
    fn every_scale_is_bounded_and_holds_its_values() {
        let magnitudes =
            (0..19).map(|n| 10i64.pow(n)).flat_map(|p| [1, 3, 7, 9].map(|f| p.saturating_mul(f)));
        let values: Vec<i64> = magnitudes.flat_map(|v| [v, -v]).chain([0]).collect();
        for &a in &values {
            for &b in &values {
                let ticks = Scale::of([a, b], 1).ticks();
                assert!(ticks.contains(&0) && (2..=6).contains(&ticks.len()), "{a} {b}: {ticks:?}");
                let (high, low) = (ticks[0], ticks[ticks.len() - 1]);
                let cut = |v: i64| v.clamp(-GREATEST, GREATEST);
                assert!(low <= cut(a.min(b)) && cut(a.max(b)) <= high, "{a} {b}: {ticks:?}");
            }
        }
    }

    #[test]
    fn numbers_are_written_without_needless_zeros() {
        assert_eq!(
            [percent(1, 3), percent(1, 2), percent(0, 7), percent(7, 7)],
            ["33.333%", "50%", "0%", "100%"]
        );
        assert_eq!([pixels(0), pixels(125), pixels(2000)], ["0", "12.5", "200"]);
    }

    #[test]
    fn labels_thin_out_and_a_wide_chart_shows_what_a_narrow_one_shows() {
        let shown = |rooms: &[Room], room| rooms.iter().filter(|r| **r == room).count();
        let months = even_room(12, 3);
        assert_eq!((shown(&months, Room::Always), shown(&months, Room::Wide)), (6, 6));
        let days = even_room(90, 2);
        assert!(
            shown(&days, Room::Always) <= 9 && shown(&days, Room::Always) + shown(&days, Room::Wide) <= 20
        );
        assert_eq!(even_room(1, 40), [Room::Always]);
        assert_eq!(even_room(0, 3), []);
    }

    #[test]
    fn of_two_labels_that_would_meet_the_later_one_stays() {
        assert_eq!(
            placed_room(&[0, 3, 34, 64], 92, 8),
            [Room::Never, Room::Always, Room::Always, Room::Always]
        );
        assert_eq!(placed_room(&[0, 12, 24], 100, 4), [Room::Always, Room::Wide, Room::Always]);
    }
}
