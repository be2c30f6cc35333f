// SPDX-License-Identifier: GPL-3.0-or-later
#include "events/data_event.h"

#include <nlohmann/json.hpp>

namespace gradus::events {

using Json = nlohmann::json;

namespace {

std::string textIn(const Json& object, const char* key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::int64_t countIn(const Json& object, const char* key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

/// The list of objects under this key; empty where there is none.
std::vector<Json> objectsIn(const Json& object, const char* key)
{
    std::vector<Json> objects;
    const auto found = object.find(key);
    if (found == object.end() || !found->is_array()) return objects;
    for (const Json& each : *found)
        if (each.is_object()) objects.push_back(each);
    return objects;
}

Json jsonOf(const DataFile& file)
{
    Json left = Json::array();
    for (const LeftOutData& each : file.leftOut)
        left.push_back({{"count", each.count}, {"what", each.what}, {"because", each.because}});
    Json json{{"role", file.role}, {"file", file.file}, {"sha256", file.sha256},
              {"rows", file.rows}, {"used", file.used}, {"left_out", std::move(left)}};
    if (file.cutShare) json["cut_share"] = *file.cutShare;
    return json;
}

} // namespace

RunEvent dataReadEvent(const std::vector<DataFile>& files)
{
    Json list = Json::array();
    std::string told;
    for (const DataFile& file : files) {
        list.push_back(jsonOf(file));
        // The sentence tells events of a run apart, so that a file's other bytes are another event.
        told += (told.empty() ? "" : "; ") + file.role + " " + file.file + ", " + std::to_string(file.used) +
                " items of " + std::to_string(file.rows) + " rows, SHA-256 " + file.sha256.substr(0, 16);
    }
    return {.kind = kDataReadEvent,
            .generation = 0,
            .step = 0,
            .sentence = "Read " + told + ".",
            .detailsJson = Json({{"files", std::move(list)}}).dump(-1, ' ', false, Json::error_handler_t::replace)};
}

std::vector<DataFile> dataFilesOf(const std::string& detailsJson)
{
    std::vector<DataFile> files;
    const Json details = Json::parse(detailsJson, nullptr, false);
    if (!details.is_object()) return files;
    for (const Json& each : objectsIn(details, "files")) {
        DataFile file{.role = textIn(each, "role"),
                      .file = textIn(each, "file"),
                      .sha256 = textIn(each, "sha256"),
                      .rows = countIn(each, "rows"),
                      .used = countIn(each, "used")};
        for (const Json& left : objectsIn(each, "left_out"))
            file.leftOut.push_back({countIn(left, "count"), textIn(left, "what"), textIn(left, "because")});
        if (const auto cut = each.find("cut_share"); cut != each.end() && cut->is_number())
            file.cutShare = cut->get<double>();
        files.push_back(std::move(file));
    }
    return files;
}

} // namespace gradus::events
