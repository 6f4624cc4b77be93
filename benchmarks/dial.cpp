// Two bucket queues on integer arcs, buckets 64 units wide, costs corrected inside a bucket: buckets
// as growing vectors (the textbook's), and as lists linked through the nodes. One thread.
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

static const int SHIFT = 6;
static const int32_t FAR = INT32_MAX;

struct Graph {
    int n; const int32_t *ptr, *head, *cost; int limit;
};

struct Vectors {
    Graph g;
    std::vector<int32_t> dist, touched;
    std::vector<std::vector<std::pair<int32_t, int32_t>>> bucket;
    explicit Vectors(Graph g_) : g(g_), dist(g_.n, FAR), bucket((g_.limit >> SHIFT) + 1) {}
    int32_t cost(int32_t v) const { return dist[v]; }
    void reset(int32_t v) { dist[v] = FAR; }
    inline void reach(int32_t v, int32_t c) {
        if (c > g.limit || c >= dist[v]) return;
        if (dist[v] == FAR) touched.push_back(v);
        dist[v] = c;
        bucket[c >> SHIFT].push_back({v, c});
    }
    void run() {
        for (auto& list : bucket)
            while (!list.empty()) {
                auto entry = list.back();
                list.pop_back();
                if (entry.second != dist[entry.first]) continue;
                for (int a = g.ptr[entry.first]; a < g.ptr[entry.first + 1]; ++a)
                    reach(g.head[a], entry.second + g.cost[a]);
            }
    }
};

struct Linked {
    struct Node { int32_t cost, next, before, gap; };
    Graph g;
    std::vector<Node> node;
    std::vector<int32_t> bucket, touched;
    explicit Linked(Graph g_)
        : g(g_), node(g_.n, Node{FAR, -2, -1, 0}), bucket((g_.limit >> SHIFT) + 1, -1) {}
    int32_t cost(int32_t v) const { return node[v].cost; }
    void reset(int32_t v) { node[v].cost = FAR; }
    inline void reach(int32_t v, int32_t c) {
        Node& one = node[v];
        if (c > g.limit || c >= one.cost) return;
        int32_t old = one.cost;
        one.cost = c;
        if (old == FAR) touched.push_back(v);
        if (one.next != -2) {
            if (old >> SHIFT == c >> SHIFT) return;
            if (one.next >= 0) node[one.next].before = one.before;
            if (one.before >= 0) node[one.before].next = one.next;
            else bucket[old >> SHIFT] = one.next;
        }
        int32_t& first = bucket[c >> SHIFT];
        one.next = first;
        one.before = -1;
        if (first >= 0) node[first].before = v;
        first = v;
    }
    void run() {
        for (auto& first : bucket)
            while (first >= 0) {
                int32_t u = first;
                first = node[u].next;
                if (first >= 0) node[first].before = -1;
                node[u].next = -2;
                int32_t c = node[u].cost;
                for (int a = g.ptr[u]; a < g.ptr[u + 1]; ++a) reach(g.head[a], c + g.cost[a]);
            }
    }
};

struct Found {
    std::vector<int32_t> point, cost;
};

template <class Queue>
void nearest(Graph g, int k, const int32_t* source, int32_t* out) {
    Queue queue(g);
    for (int i = 0; i < k; ++i) queue.reach(source[i], 0);
    queue.run();
    for (int v = 0; v < g.n; ++v) out[v] = queue.cost(v);
}

// Without readers the nodes are listed; else the points that read them. In the order of finding.
template <class Queue>
Found* each(Graph g, int k, const int32_t* source, const int32_t* reader_ptr,
            const int32_t* reader, int points, int32_t* count) {
    Queue queue(g);
    Found* found = new Found();
    std::vector<int32_t> best(points, FAR), mine;
    for (int i = 0; i < k; ++i) {
        queue.reach(source[i], 0);
        queue.run();
        std::size_t before = found->point.size();
        for (auto v : queue.touched) {
            int32_t c = queue.cost(v);
            queue.reset(v);
            if (reader_ptr == nullptr) {
                found->point.push_back(v);
                found->cost.push_back(c);
                continue;
            }
            for (int r = reader_ptr[v]; r < reader_ptr[v + 1]; ++r) {
                int32_t p = reader[r];
                if (c >= best[p]) continue;
                if (best[p] == FAR) mine.push_back(p);
                best[p] = c;
            }
        }
        for (auto p : mine) {
            found->point.push_back(p);
            found->cost.push_back(best[p]);
            best[p] = FAR;
        }
        mine.clear();
        queue.touched.clear();
        count[i] = int32_t(found->point.size() - before);
    }
    return found;
}

extern "C" {
void nearest_of(int linked, int n, const int32_t* ptr, const int32_t* head, const int32_t* cost,
                int limit, int k, const int32_t* source, int32_t* out) {
    Graph g{n, ptr, head, cost, limit};
    linked ? nearest<Linked>(g, k, source, out) : nearest<Vectors>(g, k, source, out);
}
void* each_of(int linked, int n, const int32_t* ptr, const int32_t* head, const int32_t* cost,
              int limit, int k, const int32_t* source, const int32_t* reader_ptr,
              const int32_t* reader, int points, int32_t* count) {
    Graph g{n, ptr, head, cost, limit};
    return linked ? each<Linked>(g, k, source, reader_ptr, reader, points, count)
                  : each<Vectors>(g, k, source, reader_ptr, reader, points, count);
}
int64_t size_of(void* found) { return static_cast<Found*>(found)->point.size(); }
void move_to(void* found, int32_t* point, int32_t* cost) {
    Found* list = static_cast<Found*>(found);
    for (std::size_t i = 0; i < list->point.size(); ++i) {
        point[i] = list->point[i];
        cost[i] = list->cost[i];
    }
    delete list;
}
}
