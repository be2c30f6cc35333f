// SPDX-License-Identifier: GPL-3.0-or-later
// Items that a person labels, one after the other: what is left of a file of items, and the file of labels that grows.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace gradus::run {

struct LabelRequest
{
    std::filesystem::path items;  ///< as `gradus data items` writes them; another's need item, texts and classes
    std::filesystem::path labels; ///< .csv or .jsonl; made with the first label, shared by several people
    std::string annotator;
    std::string background = {}; ///< in the person's own words, one line; empty: as the file has it, or none
};

/// One item as it is shown. Everything but the number of choices is untrusted.
struct LabelItem
{
    std::string name; ///< 16 hexadecimal digits
    std::vector<std::string> texts;
    int choices = 2;              ///< labels 0 to choices - 1
    bool textsAreChoices = false; ///< label i says that text i is the right one
};

/// One thread. Every label is in the file, whole, when label() returns: who is interrupted loses nothing, and who opens
/// the same files again goes on with what is left. Several processes may fill one file.
class LabelQueue final
{
public:
    /// Bad input: a file that cannot be read, items without a name or classes, a name that is not one line, a labels
    /// file without the columns item, label, annotator (and background where one is given), another background of this
    /// person in it.
    static Result<LabelQueue> open(const LabelRequest& request);

    std::size_t size() const { return m_items.size(); }
    std::size_t labelled() const { return m_done.size(); } ///< by this person, of these items
    /// The next item that this person has neither labelled nor passed over; nullptr at the end.
    const LabelItem* next() const;
    /// label: 0 to choices - 1 of next(), which there must be.
    Result<void> label(int label);
    void pass(); ///< next() is left for another day
    /// Takes back the newest label of this session and shows that item again; false where there is none.
    Result<bool> undo();

private:
    struct Given
    {
        std::size_t place = 0;
        std::string line; ///< as it stands in the file
    };

    LabelQueue() = default;
    Result<void> readItems();
    Result<void> readLabels();
    std::string header() const; ///< of a labels file that this session begins; empty where it has none
    std::string lineOf(const LabelItem& item, int label) const;

    LabelRequest m_request;
    std::vector<LabelItem> m_items;
    std::vector<std::string> m_columns; ///< of the labels file
    std::set<std::string> m_done;       ///< names of items
    std::vector<Given> m_given;
    std::size_t m_place = 0; ///< of next()
};

} // namespace gradus::run
