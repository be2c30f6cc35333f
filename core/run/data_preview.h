// SPDX-License-Identifier: GPL-3.0-or-later
// The first items of a data file as models would see them: texts, truth, tokens, and what is cut.
#pragma once

#include "base/result.h"
#include "spec/experiment.h"

#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace gradus::run {

/// A file and how it is to be read.
struct PreviewRequest
{
    std::filesystem::path file;
    std::string task = "preferences";                              ///< name of a template, or of a writing form
    std::vector<std::pair<std::string, std::string>> columns = {}; ///< role -> column
    std::vector<std::string> models = {}; ///< model folders or tokenizer.json files that read the texts; may be empty
    int maxTokens = 256;
    std::size_t items = 3;                         ///< shown; all are counted
    std::size_t partBytes = std::size_t{32} << 20; ///< larger files are read in parts of about so many bytes
};

/// How one tokenizer reads every text of the file.
struct PreviewReader
{
    std::string name;
    std::size_t limit = 0; ///< tokens; longer texts are cut at the left
    std::size_t texts = 0;
    std::size_t cut = 0;
    std::size_t median = 0;  ///< tokens before the cut
    std::size_t longest = 0; ///< tokens before the cut
};

struct PreviewText
{
    std::string text;
    std::vector<std::size_t> tokens; ///< before the cut, one a reader
    std::string kept = {}; ///< what the first reader keeps of it, if it cuts: untrusted, may begin in mid-character
};

struct PreviewItem
{
    int truth = 0; ///< Classify: the class; Compare: which text is the better or right one, from 0; of a writing form 0
    std::vector<PreviewText> texts;
};

struct DataPreview
{
    std::string about; ///< what a row is
    std::size_t items = 0;
    std::size_t leftOut = 0;
    std::string leftOutBecause;
    std::size_t groups = 0;               ///< different prompts or contexts
    std::vector<std::size_t> truths = {}; ///< items of each class; empty of a writing form, whose texts have what is
                                          ///< learnt between ⟦ and ⟧
    std::vector<PreviewReader> readers = {};
    std::vector<PreviewItem> first = {};
    std::string note = {}; ///< what else was left out, and what readRawData says of an experiment's files
};

/// Reads the whole file. Errors as readTable, the template and Tokenizer::open have them.
Result<DataPreview> previewFile(const PreviewRequest& request);

/// The first teacher's items of an experiment on files, read by every model of its ladder or by the vocabulary that it
/// would train. Bad input for a built-in world, which has no files.
Result<DataPreview> previewExperiment(const spec::Experiment& experiment, std::size_t items);

} // namespace gradus::run
