//! Names of organisations and people that look like real ones and belong to nobody.

use super::dice::Dice;

/// Family names. *Ziegler* is frequent: all its organisations stand at the end of the list, the hard case of a search
/// that walks the list from its beginning.
const FAMILIES: [&str; 64] = [
    "Abel",
    "Albrecht",
    "Arnold",
    "Bauer",
    "Baumann",
    "Becker",
    "Berger",
    "Böhm",
    "Brandt",
    "Busch",
    "Dietrich",
    "Ebert",
    "Engel",
    "Ernst",
    "Fischer",
    "Franke",
    "Friedrich",
    "Fuchs",
    "Graf",
    "Groß",
    "Günther",
    "Haas",
    "Hahn",
    "Hartmann",
    "Heinrich",
    "Hofmann",
    "Huber",
    "Jäger",
    "Jung",
    "Kaiser",
    "Keller",
    "Koch",
    "Köhler",
    "König",
    "Krämer",
    "Krause",
    "Kühn",
    "Lang",
    "Lehmann",
    "Lindner",
    "Lorenz",
    "Ludwig",
    "Maier",
    "Martin",
    "Möller",
    "Neumann",
    "Otto",
    "Peters",
    "Pohl",
    "Richter",
    "Roth",
    "Sauer",
    "Schäfer",
    "Scholz",
    "Schubert",
    "Schulte",
    "Simon",
    "Sommer",
    "Stein",
    "Thomas",
    "Vogel",
    "Voigt",
    "Weber",
    "Winkler",
];

const TRADES: [&str; 40] = [
    "Logistik",
    "Maschinenbau",
    "Elektrotechnik",
    "Software",
    "Beratung",
    "Bau",
    "Immobilien",
    "Handel",
    "Medien",
    "Druck",
    "Verlag",
    "Metallbau",
    "Holzbau",
    "Gartenbau",
    "Optik",
    "Feinmechanik",
    "Gastronomie",
    "Hotel",
    "Reisen",
    "Pharma",
    "Labor",
    "Pflege",
    "Zahntechnik",
    "Energie",
    "Solar",
    "Umwelttechnik",
    "Textil",
    "Mode",
    "Möbel",
    "Design",
    "Architektur",
    "Versicherung",
    "Steuerberatung",
    "Kanzlei",
    "Spedition",
    "Autohaus",
    "Werkzeuge",
    "Lebensmittel",
    "Bäckerei",
    "Brauerei",
];

const FORMS: [&str; 6] = ["GmbH", "GmbH", "GmbH & Co. KG", "AG", "e. K.", "OHG"];

const FIRST: [&str; 24] = [
    "Anna", "Ben", "Clara", "David", "Elena", "Felix", "Greta", "Hannes", "Ida", "Jonas", "Karla", "Leon",
    "Mia", "Noah", "Olga", "Paul", "Rosa", "Samuel", "Tilda", "Uwe", "Vera", "Wanda", "Yasmin", "Zoe",
];

/// An organisation that is made up.
pub struct Invented {
    /// Its name.
    pub name: String,
    /// Its domain, unlike all others by its number.
    pub domain: String,
    /// Its super admin's first and last name.
    pub person: (&'static str, &'static str),
}

/// The organisation of a number.
pub fn organisation(dice: &mut Dice, number: u64) -> Invented {
    let family = if dice.permille(80) { "Ziegler" } else { dice.pick(&FAMILIES) };
    let trade = dice.pick(&TRADES);
    let form = dice.pick(&FORMS);
    let slug: String = kontor::kernel::text::fold(&format!("{family} {trade}")).replace(' ', "-");
    Invented {
        name: format!("{family} {trade} {form}"),
        domain: format!("{slug}-{number}.test"),
        person: (dice.pick(&FIRST), dice.pick(&FAMILIES)),
    }
}

/// First and last name of somebody.
pub fn person(dice: &mut Dice) -> (&'static str, &'static str) {
    (dice.pick(&FIRST), dice.pick(&FAMILIES))
}
