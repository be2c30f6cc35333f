// SPDX-License-Identifier: GPL-3.0-or-later
// The module itself: the only place that sees Arrow. It is loaded when the first Parquet file is read, so that nobody
// who has none needs Arrow.
#include "parquet_module.h"

#include <arrow/api.h>
#include <arrow/io/file.h>
#include <nlohmann/json.hpp>
#include <parquet/arrow/reader.h>
#include <parquet/exception.h>
#include <parquet/file_reader.h>

#include <cmath>
#include <memory>
#include <stdexcept>

namespace {

using gradus::data::ParquetLimits;
using gradus::data::ParquetReceiver;
using gradus::data::ParquetRows;
using Json = nlohmann::ordered_json;

constexpr std::int64_t kBatchRows = 1024;

/// Says what is wrong with the file itself.
struct Unreadable : std::runtime_error
{
    using std::runtime_error::runtime_error;
};

void check(const arrow::Status& status)
{
    if (!status.ok()) throw Unreadable(status.message());
}

template <typename T>
T take(arrow::Result<T> result)
{
    check(result.status());
    return std::move(result).ValueUnsafe();
}

template <typename Array>
std::string textAt(const arrow::Array& array, std::int64_t row)
{
    return std::string(static_cast<const Array&>(array).GetView(row));
}

template <typename Array>
Json numberAt(const arrow::Array& array, std::int64_t row)
{
    const auto value = static_cast<const Array&>(array).Value(row);
    if constexpr (std::is_floating_point_v<decltype(value)>)
        if (!std::isfinite(value)) return std::isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
    return value;
}

Json valueAt(const arrow::Array& array, std::int64_t row, int depth);

template <typename Array>
Json listAt(const arrow::Array& array, std::int64_t row, int depth)
{
    const auto& lists = static_cast<const Array&>(array);
    Json list = Json::array();
    for (std::int64_t at = lists.value_offset(row), end = at + lists.value_length(row); at < end; ++at)
        list.push_back(valueAt(*lists.values(), at, depth - 1));
    return list;
}

Json groupAt(const arrow::Array& array, std::int64_t row, int depth)
{
    const auto& group = static_cast<const arrow::StructArray&>(array);
    Json object = Json::object();
    for (int field = 0; field < group.num_fields(); ++field)
        object[group.type()->field(field)->name()] = valueAt(*group.field(field), row, depth - 1);
    return object;
}

Json valueAt(const arrow::Array& array, std::int64_t row, int depth)
{
    if (depth < 0) throw Unreadable("a column is nested too deep: flatten it");
    if (array.IsNull(row)) return nullptr;
    switch (array.type_id()) {
    case arrow::Type::NA:
        return nullptr;
    case arrow::Type::BOOL:
        return static_cast<const arrow::BooleanArray&>(array).Value(row);
    case arrow::Type::INT8:
        return numberAt<arrow::Int8Array>(array, row);
    case arrow::Type::INT16:
        return numberAt<arrow::Int16Array>(array, row);
    case arrow::Type::INT32:
        return numberAt<arrow::Int32Array>(array, row);
    case arrow::Type::INT64:
        return numberAt<arrow::Int64Array>(array, row);
    case arrow::Type::UINT8:
        return numberAt<arrow::UInt8Array>(array, row);
    case arrow::Type::UINT16:
        return numberAt<arrow::UInt16Array>(array, row);
    case arrow::Type::UINT32:
        return numberAt<arrow::UInt32Array>(array, row);
    case arrow::Type::UINT64:
        return numberAt<arrow::UInt64Array>(array, row);
    case arrow::Type::FLOAT:
        return numberAt<arrow::FloatArray>(array, row);
    case arrow::Type::DOUBLE:
        return numberAt<arrow::DoubleArray>(array, row);
    case arrow::Type::STRING:
        return textAt<arrow::StringArray>(array, row);
    case arrow::Type::LARGE_STRING:
        return textAt<arrow::LargeStringArray>(array, row);
    case arrow::Type::BINARY:
        return textAt<arrow::BinaryArray>(array, row);
    case arrow::Type::LARGE_BINARY:
        return textAt<arrow::LargeBinaryArray>(array, row);
    case arrow::Type::LIST:
        return listAt<arrow::ListArray>(array, row, depth);
    case arrow::Type::LARGE_LIST:
        return listAt<arrow::LargeListArray>(array, row, depth);
    case arrow::Type::FIXED_SIZE_LIST:
        return listAt<arrow::FixedSizeListArray>(array, row, depth);
    case arrow::Type::STRUCT:
        return groupAt(array, row, depth);
    case arrow::Type::DICTIONARY: {
        const auto& words = static_cast<const arrow::DictionaryArray&>(array);
        return valueAt(*words.dictionary(), words.GetValueIndex(row), depth - 1);
    }
    default:
        return take(array.GetScalar(row))->ToString();
    }
}

/// Bytes that are no text (pictures, sounds) are no cell: nothing here could read them.
std::optional<std::string> cellAt(const arrow::Array& array, std::int64_t row, const ParquetLimits& limits)
{
    Json value = valueAt(array, row, limits.depth);
    if (value.is_null()) return std::nullopt;
    const bool bytes = array.type_id() == arrow::Type::BINARY || array.type_id() == arrow::Type::LARGE_BINARY;
    if (bytes && value.dump(-1, ' ', false, Json::error_handler_t::ignore) !=
                     value.dump(-1, ' ', false, Json::error_handler_t::replace))
        return std::nullopt;
    std::string cell = value.is_string() ? std::move(value.get_ref<std::string&>()) : value.dump();
    if (static_cast<std::int64_t>(cell.size()) > limits.cellBytes)
        throw Unreadable("a cell is larger than " + std::to_string(limits.cellBytes >> 20) + " MiB: split it");
    return cell;
}

/// Refuses what says of itself that it is too much, before anything is unpacked.
void checkStatedSizes(const parquet::FileMetaData& metadata, const ParquetLimits& limits, const std::string& tooLarge)
{
    const bool onePart = limits.partBytes >= limits.bytes;
    std::int64_t stated = 0;
    for (int group = 0; group < metadata.num_row_groups(); ++group) {
        stated = (onePart ? stated : 0) + metadata.RowGroup(group)->total_byte_size();
        if (stated > limits.bytes) throw Unreadable(tooLarge);
    }
}

std::int64_t addRow(const arrow::RecordBatch& batch, std::int64_t row, const ParquetLimits& limits, ParquetRows& part)
{
    std::int64_t bytes = 0;
    auto& cells = part.rows.emplace_back();
    cells.reserve(part.columns.size());
    for (int column = 0; column < batch.num_columns(); ++column) {
        cells.push_back(cellAt(*batch.column(column), row, limits));
        bytes += static_cast<std::int64_t>(sizeof(cells.back()) + (cells.back() ? cells.back()->size() : 0));
    }
    return bytes;
}

void read(const char* path, const ParquetLimits& limits, const ParquetReceiver& receiver)
{
    parquet::ReaderProperties properties;
    properties.enable_buffered_stream(); // else a group's packed columns are read whole
    auto file = parquet::ParquetFileReader::OpenFile(path, false, properties);
    const std::string tooLarge = "unpacked it holds more than " + std::to_string(limits.bytes >> 30) +
                                 (limits.partBytes >= limits.bytes ? " GiB: give a part of it"
                                                                   : " GiB in one group of rows: write smaller ones");
    checkStatedSizes(*file->metadata(), limits, tooLarge);

    std::unique_ptr<parquet::arrow::FileReader> reader =
        take(parquet::arrow::FileReader::Make(arrow::default_memory_pool(), std::move(file)));
    reader->set_batch_size(kBatchRows);
    reader->set_use_threads(false);
    const auto batches = take(reader->GetRecordBatchReader());
    ParquetRows part{.columns = batches->schema()->field_names(), .rows = {}};
    if (static_cast<std::int64_t>(part.columns.size()) > limits.columns)
        throw Unreadable("it has over " + std::to_string(limits.columns) + " columns: take some out");

    std::int64_t bytes = 0;
    bool given = false;
    const auto give = [&] {
        ParquetRows next{.columns = part.columns, .rows = {}};
        std::swap(next, part);
        bytes = 0;
        given = true;
        return receiver.take(receiver.state, &next);
    };
    for (;;) {
        std::shared_ptr<arrow::RecordBatch> batch;
        check(batches->ReadNext(&batch));
        if (!batch) break;
        check(batch->ValidateFull());
        for (std::int64_t row = 0; row < batch->num_rows(); ++row) {
            bytes += addRow(*batch, row, limits, part);
            if (bytes > limits.bytes) throw Unreadable(tooLarge);
            if (bytes >= limits.partBytes && !give()) return;
        }
    }
    if (!part.rows.empty() || !given) give();
}

} // namespace

extern "C" __attribute__((visibility("default"))) void gradus_read_parquet(const char* path,
                                                                           const ParquetLimits* limits,
                                                                           const ParquetReceiver* receiver,
                                                                           std::string* failure)
{
    try {
        read(path, *limits, *receiver);
    } catch (const Unreadable& problem) {
        *failure = problem.what();
    } catch (const parquet::ParquetException& problem) {
        *failure = std::string("it is no whole Parquet file (") + problem.what() + "): fetch it again";
    } catch (const nlohmann::json::exception&) {
        *failure = "a list or group holds text that is not UTF-8: write it again as UTF-8";
    } catch (const std::bad_alloc&) {
        *failure = "there is not enough memory to unpack it: give a part of it";
    } catch (const std::exception& problem) {
        *failure = problem.what();
    }
}
