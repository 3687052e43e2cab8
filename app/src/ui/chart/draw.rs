//! Charts as SVG, written as text: one string is far less to compile and to hydrate than an element for every bar, and
//! HTML that is parsed is in the right namespace on both sides. Widths are percentages, heights pixels: text keeps its
//! size on every screen. Whatever comes from outside goes through [`escaped`].

use super::{
    ChartData, ChartSlot,
    scale::{Room, Scale, even_room, percent, pixels, placed_room},
};
use std::fmt::Write as _;

/// Pixels above the highest tick: half a line of its label.
const TOP: i64 = 8;
/// Pixels from the highest to the lowest tick; `style/chart.css` gives the axis the same.
const HEIGHT: i64 = 200;
/// Pixels below the lowest tick, for two lines of labels.
const BOTTOM: i64 = 40;
/// More slots than this are no stops of the keyboard: the table below leads to the same places.
const MOST_STOPS: usize = 12;
/// More points than this get no dots.
const MOST_DOTS: usize = 31;

/// How the figures are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Bars side by side.
    Grouped,
    /// Bars on top of each other; what is below zero hangs below it.
    Stacked,
    /// Lines.
    Lines,
}

/// Text as it may stand in SVG, in content and in attributes.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// The scale that fits a chart's figures.
pub fn scale(data: &ChartData, kind: Kind) -> Scale {
    let sums = |slot: usize| {
        let values = || data.series.iter().filter_map(move |series| series.at(slot));
        let sum = |sum: i64, value: i64| sum.saturating_add(value);
        [values().filter(|v| *v > 0).fold(0, sum), values().filter(|v| *v < 0).fold(0, sum)]
    };
    match kind {
        Kind::Stacked => Scale::of((0..data.slots.len()).flat_map(sums), data.unit.one()),
        Kind::Grouped | Kind::Lines => {
            let values = data.series.iter().flat_map(|series| series.values.iter().copied().flatten());
            Scale::of(values, data.unit.one())
        }
    }
}

/// The whole drawing. Numbers of classes and ids are the contract with `style/chart.css`.
pub fn drawing(data: &ChartData, kind: Kind) -> String {
    let scale = scale(data, kind);
    let id = escaped(&data.id);
    let linked = data.slots.iter().any(|slot| slot.href.is_some());
    let mut out = String::with_capacity(256 + data.slots.len() * 320);
    // An image has nothing inside for assistive technology: a chart with links is a group.
    let _ = write!(
        out,
        "<svg class=\"chart-svg\" role=\"{}\" aria-labelledby=\"{id}-title\" aria-describedby=\"{id}-desc\" \
         width=\"100%\" height=\"{}\"><title id=\"{id}-title\">{}</title><desc id=\"{id}-desc\">{}</desc>",
        if linked { "group" } else { "img" },
        TOP + HEIGHT + BOTTOM,
        escaped(&data.caption),
        escaped(&data.summary),
    );
    if kind != Kind::Lines && data.slots.iter().any(|slot| !slot.complete) {
        let _ = write!(
            out,
            "<pattern id=\"{id}-hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" \
             patternTransform=\"rotate(45)\"><rect class=\"chart-hatch\" width=\"3\" height=\"6\"/></pattern>"
        );
    }
    for tick in scale.ticks() {
        let y = at(scale, tick);
        let class = if tick == 0 { "chart-zero" } else { "chart-grid" };
        let _ = write!(out, "<line class=\"{class}\" x2=\"100%\" y1=\"{y}\" y2=\"{y}\"/>");
    }
    for (i, slot) in data.slots.iter().enumerate() {
        open_slot(&mut out, data, i, slot);
        match kind {
            Kind::Grouped => grouped(&mut out, data, scale, i),
            Kind::Stacked => stacked(&mut out, data, scale, i),
            Kind::Lines => {}
        }
        out.push_str(if slot.href.is_some() { "</a>" } else { "</g>" });
    }
    if kind == Kind::Lines {
        lines(&mut out, data, scale);
    }
    labels(&mut out, data);
    out.push_str("</svg>");
    out
}

/// Where a value stands, in pixels from the top of the drawing.
fn at(scale: Scale, value: i64) -> String {
    pixels(TOP * 10 + scale.depth(value, HEIGHT))
}

/// A slot: what it says when pointed at, and the whole of its height to point at.
fn open_slot(out: &mut String, data: &ChartData, i: usize, slot: &ChartSlot) {
    match &slot.href {
        Some(href) => {
            let stop = if data.slots.len() > MOST_STOPS { " tabindex=\"-1\"" } else { "" };
            let _ = write!(out, "<a class=\"chart-slot\" href=\"{}\"{stop}>", escaped(href));
        }
        None => out.push_str("<g class=\"chart-slot\">"),
    }
    let mut said = data.slot_name(slot);
    for series in &data.series {
        if let Some(value) = series.at(i) {
            let _ = write!(said, "\n{}: {}", series.name, data.unit.full(value));
        }
    }
    let count = data.slots.len();
    let _ = write!(
        out,
        "<title>{}</title><rect class=\"chart-hit\" x=\"{}\" width=\"{}\" height=\"{}\"/>",
        escaped(&said),
        percent(i, count),
        percent(1, count),
        TOP + HEIGHT,
    );
}

/// Parts of a slot's width, 1,000 to a slot: where its bars begin, and how wide they are together. One bar alone would
/// fill the page: together they are never wider than 8 % of the chart.
fn bars_in(count: usize) -> (usize, usize) {
    let width = 720.min(80 * count.max(1));
    ((1000 - width) / 2, width)
}

struct Bar {
    series: usize,
    /// In thousandths of a slot, from the left of the chart.
    x: usize,
    width: usize,
    /// In tenths of a pixel from the highest tick.
    top: i64,
    bottom: i64,
}

fn bar(out: &mut String, data: &ChartData, slot: usize, bar: Bar) {
    let whole = data.slots.len() * 1000;
    // The least of a figure that is not zero stays in sight.
    let height = (bar.bottom - bar.top).max(10);
    let place = format!(
        "x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"",
        percent(bar.x, whole),
        pixels(TOP * 10 + bar.top),
        percent(bar.width, whole),
        pixels(height)
    );
    let _ = write!(out, "<rect class=\"chart-bar series-{}\" {place}/>", colour(bar.series));
    if !data.slots[slot].complete {
        let _ = write!(out, "<rect fill=\"url(#{}-hatch)\" {place}/>", escaped(&data.id));
    }
}

fn grouped(out: &mut String, data: &ChartData, scale: Scale, slot: usize) {
    let (start, width) = bars_in(data.slots.len());
    let each = width / data.series.len().max(1);
    for (n, series) in data.series.iter().enumerate() {
        let Some(value) = series.at(slot).filter(|value| *value != 0) else { continue };
        let ends = [scale.depth(value, HEIGHT), scale.depth(0, HEIGHT)];
        let gap = if data.series.len() > 1 { each / 10 } else { 0 };
        let x = slot * 1000 + start + n * each;
        let (top, bottom) = (ends[0].min(ends[1]), ends[0].max(ends[1]));
        // What hangs below zero grows downwards, also where it is cut to the least.
        bar(
            out,
            data,
            slot,
            Bar { series: n, x, width: each - gap, top: top.min(bottom - 10 * i64::from(value > 0)), bottom },
        );
    }
}

fn stacked(out: &mut String, data: &ChartData, scale: Scale, slot: usize) {
    let (start, width) = bars_in(data.slots.len());
    let (mut above, mut below) = (0i64, 0i64);
    for (n, series) in data.series.iter().enumerate() {
        let Some(value) = series.at(slot).filter(|value| *value != 0) else { continue };
        let side = if value > 0 { &mut above } else { &mut below };
        let from = *side;
        *side = side.saturating_add(value);
        let ends = [scale.depth(from, HEIGHT), scale.depth(*side, HEIGHT)];
        let (top, bottom) = (ends[0].min(ends[1]), ends[0].max(ends[1]));
        // A line of the ground between two parts, where there is height to spare.
        let gap = if from != 0 && bottom - top > 30 { 10 } else { 0 };
        let (top, bottom) = if value > 0 { (top, bottom - gap) } else { (top + gap, bottom) };
        bar(out, data, slot, Bar { series: n, x: slot * 1000 + start, width, top, bottom });
    }
}

fn lines(out: &mut String, data: &ChartData, scale: Scale) {
    let count = data.slots.len();
    // Two units to a slot, so that its middle is a whole number; tenths of a pixel downwards.
    let _ = write!(
        out,
        "<svg class=\"chart-lines\" y=\"{TOP}\" width=\"100%\" height=\"{HEIGHT}\" viewBox=\"0 0 {} {}\" \
         preserveAspectRatio=\"none\">",
        count * 2,
        HEIGHT * 10
    );
    let mut dots = String::new();
    for (n, series) in data.series.iter().enumerate() {
        let point = |slot: usize| series.at(slot).map(|value| (slot, scale.depth(value, HEIGHT)));
        for slot in 0..count {
            let Some((_, y)) = point(slot) else { continue };
            let alone = (slot == 0 || point(slot - 1).is_none()) && point(slot + 1).is_none();
            if alone || count <= MOST_DOTS {
                let hollow = if data.slots[slot].complete { "" } else { " chart-hollow" };
                let _ = write!(
                    dots,
                    "<circle class=\"chart-dot{hollow} series-{}\" cx=\"{}\" cy=\"{}\" r=\"3\"/>",
                    colour(n),
                    percent(slot * 2 + 1, count * 2),
                    pixels(TOP * 10 + y)
                );
            }
        }
        // What leads to or from an incomplete slot is dashed, so the line is cut there and where nothing is known.
        let mut run: Vec<(usize, i64)> = Vec::new();
        let mut dashed = false;
        for slot in 0..=count {
            let next = point(slot);
            let part = slot < count && !data.slots[slot].complete;
            let before = slot > 0 && !data.slots[slot - 1].complete;
            if next.is_none() || (part || before) != dashed {
                let last = run.last().copied();
                polyline(out, n, dashed, &run);
                run.clear();
                run.extend(last.filter(|_| next.is_some()));
                dashed = part || before;
            }
            run.extend(next);
        }
    }
    out.push_str("</svg>");
    out.push_str(&dots);
}

fn polyline(out: &mut String, series: usize, dashed: bool, points: &[(usize, i64)]) {
    if points.len() < 2 {
        return;
    }
    let dashed = if dashed { " chart-dashed" } else { "" };
    let _ = write!(
        out,
        "<polyline class=\"chart-line{dashed} series-{}\" vector-effect=\"non-scaling-stroke\" points=\"",
        colour(series)
    );
    for (i, (slot, y)) in points.iter().enumerate() {
        let _ = write!(out, "{}{},{y}", if i > 0 { " " } else { "" }, slot * 2 + 1);
    }
    out.push_str("\"/>");
}

fn labels(out: &mut String, data: &ChartData) {
    let count = data.slots.len();
    let longest =
        |texts: &mut dyn Iterator<Item = &str>| texts.map(|text| text.chars().count()).max().unwrap_or(0);
    let mut put = |room: Room, slot: usize, line: i64, text: &str| {
        let wide = match room {
            Room::Never => return,
            Room::Always => "",
            Room::Wide => " chart-wide",
        };
        let _ = write!(
            out,
            "<text class=\"chart-label{wide}\" x=\"{}\" y=\"{}\">{}</text>",
            percent(slot * 2 + 1, count * 2),
            TOP + HEIGHT + line,
            escaped(text)
        );
    };
    let shorts = longest(&mut data.slots.iter().map(|slot| &*slot.short));
    for (slot, room) in even_room(count, shorts).into_iter().enumerate() {
        put(room, slot, 18, &data.slots[slot].short);
    }
    let changes: Vec<usize> = (0..count)
        .filter(|&i| {
            !data.slots[i].under.is_empty() && (i == 0 || data.slots[i - 1].under != data.slots[i].under)
        })
        .collect();
    let unders = longest(&mut data.slots.iter().map(|slot| &*slot.under));
    for (&slot, room) in changes.iter().zip(placed_room(&changes, count, unders)) {
        put(room, slot, 35, &data.slots[slot].under);
    }
}

/// The number of a series' colour.
pub fn colour(series: usize) -> usize {
    series % 6 + 1
}

/// A trend without axes, from the lowest to the highest of the figures.
pub fn spark(values: &[i64], label: &str) -> String {
    let (low, high) = values.iter().fold((i64::MAX, i64::MIN), |(low, high), v| (low.min(*v), high.max(*v)));
    let range = i128::from(high) - i128::from(low);
    let mut out = format!(
        "<svg class=\"spark-svg\" role=\"img\" aria-label=\"{}\" viewBox=\"0 0 {} 24\" preserveAspectRatio=\"none\">\
         <polyline class=\"chart-line series-1\" vector-effect=\"non-scaling-stroke\" points=\"",
        escaped(label),
        values.len().saturating_sub(1).max(1)
    );
    for (i, value) in values.iter().enumerate() {
        // Two pixels of room for the line's own width; in the middle if there is no difference to show.
        let y = match range {
            0 => 12,
            range => 2 + ((i128::from(high) - i128::from(*value)) * 20 + range / 2) / range,
        };
        let _ = write!(out, "{}{i},{y}", if i > 0 { " " } else { "" });
    }
    // One figure is a line too: as long as the picture is wide.
    if values.len() == 1 {
        out.push_str(" 1,12");
    }
    out.push_str("\"/></svg>");
    out
}
