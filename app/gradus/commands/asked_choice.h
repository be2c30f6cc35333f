// SPDX-License-Identifier: GPL-3.0-or-later
// A model that a verb asks in words, as the user names it: a folder, or an address that is contacted for this alone.
#pragma once

#include "base/asked_model.h"

#include <memory>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace gradus::app {

struct AskedChoice
{
    std::string place;       ///< empty: nobody is asked
    std::string model;       ///< of an address: what its server calls it
    std::string authorities; ///< of an https address: a PEM file in the place of the system's
};

/// --ROLE, --ROLE-model and --ROLE-ca; what: "Who says how suspicious an episode is".
void addAskedChoice(CLI::App& verb, const std::string& role, const std::string& what, AskedChoice& choice);
/// The same as words of a command line; paths are absolute.
std::vector<std::string> wordsOf(const std::string& role, const AskedChoice& choice);

/// Nothing where nobody is named. The environment's GRADUS_API_KEY goes to an address as its bearer token. Contacts
/// nobody yet.
Result<std::unique_ptr<AskedModel>> openAsked(const AskedChoice& choice);

} // namespace gradus::app
