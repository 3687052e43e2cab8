use super::*;

fn words() -> ChartWords {
    ChartWords {
        period: "Period".into(),
        incomplete: "Not complete".into(),
        table: "Table".into(),
        total: "Total".into(),
        share: "Share".into(),
        empty: "Nothing".into(),
    }
}

/// A chart of so many slots, the last of them incomplete.
fn data(values: &[&[i64]]) -> ChartData {
    let slots = values.first().map_or(0, |values| values.len());
    let slot = |n: usize| ChartSlot {
        short: n.to_string().into(),
        under: "2026".into(),
        name: format!("Slot {n}").into(),
        href: Some(format!("/lines?a=1&n={n}").into()),
        complete: n + 1 < slots,
    };
    let series = |(n, values): (usize, &&[i64])| ChartSeries {
        name: format!("Series {n}").into(),
        values: values.iter().copied().map(Some).collect(),
        links: (0..slots).map(|slot| format!("/cell/{n}/{slot}").into()).collect(),
        total_link: Some(format!("/sum/{n}").into()),
    };
    ChartData {
        id: "c".into(),
        caption: "Net <revenue>".into(),
        summary: "It grows & grows".into(),
        unit: ChartUnit::Money(Currency::Eur),
        slots: (0..slots).map(slot).collect(),
        series: values.iter().enumerate().map(series).collect(),
        sums: true,
        words: words(),
    }
}

fn html(data: ChartData, kind: Kind) -> String {
    // Without the marks that hydration goes by.
    Owner::new().with(|| chart(data, kind).to_html()).replace("<!>", "")
}

/// `(y, height)` of every bar in pixels.
fn bars(svg: &str) -> Vec<(f64, f64)> {
    let attribute = |tag: &str, name: &str| {
        let at = tag.find(&format!(" {name}=\"")).unwrap() + name.len() + 3;
        tag[at..].split('"').next().unwrap().parse::<f64>().unwrap()
    };
    let tags = svg.split('<').filter(|tag| tag.starts_with("rect class=\"chart-bar "));
    tags.map(|tag| (attribute(tag, "y"), attribute(tag, "height"))).collect()
}

#[test]
fn the_markup_of_a_small_chart_is_as_it_was_looked_at() {
    let svg = drawing(&data(&[&[10_000, -2_500]]), Kind::Grouped);
    let expected = concat!(
        r#"<svg class="chart-svg" role="group" aria-labelledby="c-title" aria-describedby="c-desc" width="100%" height="248">"#,
        r#"<title id="c-title">Net &lt;revenue&gt;</title><desc id="c-desc">It grows &amp; grows</desc>"#,
        r#"<pattern id="c-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">"#,
        r#"<rect class="chart-hatch" width="3" height="6"/></pattern>"#,
        r#"<line class="chart-grid" x2="100%" y1="8" y2="8"/>"#,
        r#"<line class="chart-grid" x2="100%" y1="74.7" y2="74.7"/>"#,
        r#"<line class="chart-zero" x2="100%" y1="141.3" y2="141.3"/>"#,
        r#"<line class="chart-grid" x2="100%" y1="208" y2="208"/>"#,
        r#"<a class="chart-slot" href="/lines?a=1&amp;n=0"><title>Slot 0"#,
        "\n",
        r#"Series 0: €100.00</title><rect class="chart-hit" x="0%" width="50%" height="208"/>"#,
        r#"<rect class="chart-bar series-1" x="21%" y="8" width="8%" height="133.3"/></a>"#,
        r#"<a class="chart-slot" href="/lines?a=1&amp;n=1"><title>Slot 1 (Not complete)"#,
        "\n",
        r#"Series 0: −€25.00</title><rect class="chart-hit" x="50%" width="50%" height="208"/>"#,
        r#"<rect class="chart-bar series-1" x="71%" y="141.3" width="8%" height="33.4"/>"#,
        r#"<rect fill="url(#c-hatch)" x="71%" y="141.3" width="8%" height="33.4"/></a>"#,
        r#"<text class="chart-label" x="25%" y="226">0</text><text class="chart-label" x="75%" y="226">1</text>"#,
        r#"<text class="chart-label" x="25%" y="243">2026</text></svg>"#,
    );
    assert_eq!(svg, expected);
}

#[test]
fn what_comes_from_outside_cannot_leave_its_place() {
    let mut evil = data(&[&[1, 2]]);
    let text = "</title><script>alert(1)</script>\"'&";
    evil.slots[0].name = text.into();
    evil.slots[0].short = text.into();
    evil.slots[0].under = text.into();
    evil.slots[0].href = Some("\"><script>".into());
    evil.series[0].name = text.into();
    evil.caption = text.into();
    evil.summary = text.into();
    for kind in [Kind::Grouped, Kind::Stacked, Kind::Lines] {
        let html = html(evil.clone(), kind);
        assert!(!html.contains("<script"), "{html}");
    }
    assert!(!spark(&[1], text).contains("<script"));
}

#[test]
fn any_figures_are_drawn_within_the_frame() {
    let whole: Vec<i64> = (0..92).map(|n| n * 1_000_003).collect();
    let cases: [&[&[i64]]; 9] = [
        &[],
        &[&[]],
        &[&[0, 0, 0]],
        &[&[5]],
        &[&[7, 7, 7], &[7, 7, 7]],
        &[&[i64::MAX, i64::MIN, 1], &[i64::MAX, i64::MIN, -1]],
        &[&[-1, -2, -3]],
        &[&[1, 1_000_000_000], &[-1, 2]],
        &[&whole, &whole],
    ];
    for case in cases {
        for kind in [Kind::Grouped, Kind::Stacked, Kind::Lines] {
            let svg = drawing(&data(case), kind);
            for (y, height) in bars(&svg) {
                assert!(height >= 1.0 && y >= 7.0 && y + height <= 209.01, "{case:?} {kind:?}: {y} {height}");
            }
            assert!(!svg.contains("NaN") && !svg.contains("style="), "{svg}");
            html(data(case), kind);
        }
    }
}

#[test]
fn stacked_bars_stand_on_each_other_and_hang_below_zero() {
    let svg = drawing(&data(&[&[6_000], &[4_000], &[-5_000]]), Kind::Stacked);
    // From 100 down to −50, with a pixel of the ground between two parts.
    let bars = bars(&svg);
    assert_eq!(bars.len(), 3);
    let [first, second, below] = [bars[0], bars[1], bars[2]];
    assert_eq!(second.0, 8.0, "the sum reaches the highest tick");
    assert!((first.0 - (second.0 + second.1) - 1.0).abs() < 0.11, "{bars:?}");
    assert!((below.0 - (first.0 + first.1)).abs() < 0.11, "{bars:?}");
}

#[test]
fn a_figure_that_is_not_zero_stays_in_sight() {
    let svg = drawing(&data(&[&[1_000_000, 1, -1, 0]]), Kind::Grouped);
    let heights: Vec<f64> = bars(&svg).into_iter().map(|(_, height)| height).collect();
    assert_eq!(heights.len(), 3, "zero has no bar");
    assert!(heights[1] >= 1.0 && heights[2] >= 1.0);
}

#[test]
fn a_line_breaks_where_nothing_is_known_and_is_dashed_where_it_is_incomplete() {
    let mut gap = data(&[&[1, 2, 3, 4, 5, 6]]);
    gap.series[0].values[2] = None;
    let svg = drawing(&gap, Kind::Lines);
    let points: Vec<&str> =
        svg.split("points=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let xs: Vec<Vec<&str>> =
        points.iter().map(|p| p.split(' ').map(|xy| xy.split(',').next().unwrap()).collect()).collect();
    assert_eq!(xs, [vec!["1", "3"], vec!["7", "9"], vec!["9", "11"]]);
    assert_eq!(svg.matches("chart-dashed").count(), 1);
    assert_eq!((svg.matches("<circle").count(), svg.matches("chart-hollow").count()), (5, 1));
}

#[test]
fn a_chart_without_links_is_an_image_and_many_links_are_no_stops() {
    let mut plain = data(&[&[1, 2]]);
    plain.slots.iter_mut().for_each(|slot| slot.href = None);
    let svg = drawing(&plain, Kind::Grouped);
    assert!(svg.contains("role=\"img\"") && !svg.contains("<a "));
    let [few, many] =
        [[1i64; 12].as_slice(), &[1i64; 13]].map(|values| drawing(&data(&[values]), Kind::Grouped));
    assert_eq!(few.matches("tabindex").count(), 0);
    assert_eq!(many.matches("tabindex=\"-1\"").count(), 13);
}

#[test]
fn the_table_holds_every_figure_its_link_and_the_sums() {
    let html = html(data(&[&[10_000, 2_550], &[1, -3]]), Kind::Stacked);
    for part in [
        "<a href=\"/cell/0/1\">€25.50</a>",
        "<a href=\"/cell/1/1\">−€0.03</a>",
        "<a href=\"/sum/0\">€125.50</a>",
        "<a href=\"/sum/1\">−€0.02</a>",
        "€25.47",
        "€125.48",
        "<details open",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    let mut stock = data(&[&[1; 13]]);
    stock.sums = false;
    let html = self::html(stock, Kind::Lines);
    assert!(!html.contains("<tfoot") && !html.contains("Total") && !html.contains("<details open"), "{html}");
}

#[test]
fn shares_below_zero_have_no_percentage() {
    let rows = |values: &[i64]| -> Vec<ShareRow> {
        values.iter().map(|&value| ShareRow { name: value.to_string().into(), value, href: None }).collect()
    };
    let html = |values: &[i64]| {
        let props = ShareProps {
            caption: "C".into(),
            heading: "H".into(),
            figure: "F".into(),
            unit: ChartUnit::Count,
            rows: rows(values),
            words: words(),
        };
        Owner::new().with(|| Share(props).into_any().to_html()).replace("<!>", "")
    };
    assert!(html(&[1, 2]).contains("33.3%") && html(&[1, 2]).contains("width=\"50%\""));
    assert!(!html(&[5, -2]).contains("%</td>") && html(&[5, -2]).contains("width=\"0%\""));
    assert!(html(&[]).contains("Nothing") && !html(&[0]).contains("%</td>"));
}

#[test]
fn a_sparkline_stays_within_its_picture() {
    for values in [vec![1], vec![5, 5], vec![1, 9, 3], vec![i64::MIN, i64::MAX]] {
        let svg = spark(&values, "Trend");
        let points = svg.split("points=\"").nth(1).unwrap().split('"').next().unwrap();
        let ys: Vec<i32> =
            points.split(' ').map(|xy| xy.split(',').nth(1).unwrap().parse().unwrap()).collect();
        assert!(ys.len() >= 2 && ys.iter().all(|y| (2..=22).contains(y)), "{values:?}: {points}");
    }
}
