// SPDX-License-Identifier: GPL-3.0-or-later
// The supervisor's side of the wires of joined cells: makes streams for the joins that were declared, moves their
// bytes, and keeps the record of them. Internal to the room.
#pragma once

#include "base/result.h"
#include "sandbox/joined_cells.h"
#include "sandbox/keeper_process.h"

#include <memory>
#include <string>
#include <vector>

namespace gradus::sandbox {

/// A thread of the worker. A cell says the number of one of its links and nothing else, so that what was not declared
/// cannot be asked for; bytes are moved and not looked at. When a cell's wire closes or says what it may not, every
/// other wire is closed, and with it every cell ends. Any thread may ask it.
class Switchboard final
{
public:
    /// wires: the supervisor's ends, one a cell. Link k of cell i is the k-th join from i.
    static Result<std::unique_ptr<Switchboard>> start(std::vector<Descriptor> wires, const std::vector<Join>& joins);
    ~Switchboard();
    Switchboard(const Switchboard&) = delete;
    Switchboard& operator=(const Switchboard&) = delete;

    /// In the order of the joins.
    std::vector<Connection> connections() const;
    /// Whether it has closed the wires.
    bool isOver() const;
    /// Why, in a sentence, where a cell broke the protocol; else empty.
    std::string fault() const;

private:
    class Work;
    explicit Switchboard(std::unique_ptr<Work> work);
    std::unique_ptr<Work> m_work;
};

} // namespace gradus::sandbox
