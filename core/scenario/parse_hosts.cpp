// SPDX-License-Identifier: GPL-3.0-or-later
// Services, and the other hosts that have some.
#include "base/text.h"
#include "sandbox/joined_cells.h"
#include "scenario/host_path.h"
#include "scenario/parse_parts.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>

namespace gradus::scenario {

namespace {

using Names = std::set<std::string>;

/// Not in 127.0.0.0/24, where every host has what is its own.
bool isAddress(const std::string& address)
{
    std::array<unsigned, 4> part{};
    char more = 0;
    if (address.size() > 15 ||
        std::sscanf(address.c_str(), "%3u.%3u.%3u.%3u%c", part.data(), &part[1], &part[2], &part[3], &more) != 4)
        return false;
    const bool inRange = std::ranges::all_of(part, [](unsigned number) { return number <= 255; });
    const std::string again = std::to_string(part[0]) + "." + std::to_string(part[1]) + "." + std::to_string(part[2]) +
                              "." + std::to_string(part[3]);
    return inRange && again == address && part[0] == 127 && (part[1] != 0 || part[2] != 0) && part[3] != 0 &&
           part[3] != 255;
}

Result<void> readCredentials(TableReader& host, HostSpec& into)
{
    for (const spec::Node* node : host.tables("credentials")) {
        TableReader table(*node, "[[hosts.credentials]]");
        CredentialSpec credential{table.requiredText("user"), table.requiredText("secret")};
        if ((credential.user + credential.secret).find_first_of("\t\n") != std::string::npos)
            table.fault(table.place(), "user", "a user and a secret are one word each, without tabs and line breaks.");
        if (std::ranges::find(into.credentials, credential.user, &CredentialSpec::user) != into.credentials.end())
            table.fault(table.place(), "user",
                        "the host " + visible(into.name, 40) + " has two credentials of \"" +
                            visible(credential.user, 40) + "\"; remove one.");
        if (auto read = table.finish(); !read) return read;
        into.credentials.push_back(std::move(credential));
    }
    return {};
}

} // namespace

Result<void> readServices(TableReader& root, const std::string& where, bool otherHost,
                          std::vector<ServiceSpec>& services)
{
    for (const spec::Node* node : root.tables("services")) {
        TableReader table(*node, where);
        ServiceSpec service;
        service.name = table.requiredText("name");
        service.command = table.texts("command");
        service.port = static_cast<int>(table.integer("port", 0, 1024, 65535));
        if (otherHost && table.find("from"))
            service.from = table.texts("from");
        else if (otherHost)
            service.from = {std::string(kOwnHost)};
        if (service.command.empty()) table.fault(table.place(), "command", where + " has no \"command\"; give one.");
        if (service.port == 0) table.fault(table.place(), "port", where + " has no \"port\"; give one.");
        if (auto read = table.finish(); !read) return read;
        services.push_back(std::move(service));
    }
    return {};
}

Result<void> readHosts(TableReader& root, const Companion& companion, Scenario& scenario)
{
    for (const spec::Node* node : root.tables("hosts")) {
        TableReader table(*node, "[[hosts]]");
        HostSpec host;
        host.name = table.requiredText("name");
        host.address = table.text("address", "127.0.1." + std::to_string(scenario.hosts.size() + 1));
        host.setup = table.texts("setup");
        Result<void> first = readFiles(table, "files", companion, host.files);
        if (auto read = readServices(table, "[[hosts.services]]", true, host.services); first && !read) first = read;
        if (auto read = readCredentials(table, host); first && !read) first = read;
        // As at the root: an unknown key explains what is missing elsewhere.
        if (auto read = table.finish(); !read) return read;
        if (!first) return first;
        scenario.hosts.push_back(std::move(host));
    }
    return {};
}

Result<void> checkHosts(const Scenario& scenario, const spec::Place& place)
{
    const auto fault = [&](const std::string& message) { return faultAt(place, "hosts", message); };
    if (scenario.hosts.empty()) return {};
    if (scenario.level < 4) return faultAt(place, "level", "hosts need level 4; write level = 4.");
    if (scenario.hosts.size() + 1 > sandbox::kMostHosts)
        return fault("an episode has at most " + std::to_string(sandbox::kMostHosts) +
                     " hosts, the agent's own included; leave some out.");
    Names names{std::string(kOwnHost)};
    Names addresses;
    for (const HostSpec& host : scenario.hosts) {
        const std::string shown = "\"" + visible(host.name, 40) + "\"";
        if (!isHostName(host.name))
            return fault(shown + " is no name of a host; begin with a letter and go on with small letters, digits and "
                                 "hyphens, at most 30.");
        if (!names.insert(host.name).second)
            return fault("there are two hosts " + shown + " (" + std::string(kOwnHost) +
                         " is the agent's own); give one another name.");
        if (!isAddress(host.address))
            return fault("\"" + visible(host.address, 40) + "\" is no address for the host " + shown +
                         "; hosts lie on loopback, 127.0.1.1 to 127.255.255.254.");
        if (!addresses.insert(host.address).second)
            return fault("two hosts have the address " + host.address + "; give one another.");
        std::set<int> ports;
        for (const ServiceSpec& service : host.services)
            if (!ports.insert(service.port).second)
                return fault("the host " + shown + " has two services at port " + std::to_string(service.port) +
                             "; give one another port.");
        if (host.services.empty() && !host.credentials.empty())
            return fault("the host " + shown + " has credentials and no service that asks for them; add one.");
    }
    for (const HostSpec& host : scenario.hosts)
        for (const ServiceSpec& service : host.services)
            for (const std::string& from : service.from)
                if (!names.contains(from) || from == host.name)
                    return fault("the service " + visible(service.name, 40) + " of " + host.name + " is for \"" +
                                 visible(from, 40) + "\", which is no other host; correct \"from\".");
    // From host to host, as an agent could go.
    Names reached{std::string(kOwnHost)};
    for (bool more = true; more;) {
        more = false;
        for (const HostSpec& host : scenario.hosts)
            for (const ServiceSpec& service : host.services)
                for (const std::string& from : service.from)
                    if (reached.contains(from) && reached.insert(host.name).second) more = true;
    }
    for (const HostSpec& host : scenario.hosts)
        if (!reached.contains(host.name))
            return fault("nobody can reach the host \"" + host.name +
                         "\"; give it a service that is for the agent's host or for one that the agent can reach.");
    return {};
}

} // namespace gradus::scenario
